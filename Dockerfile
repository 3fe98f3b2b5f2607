# zinetd as the entrypoint of a container: PID 1, not root, the log on standard output, TERM to stop.
#
#   docker build -t zinetd .
#   docker run --rm -p 7007:7007 -e ZINETD_CONFIG="$(cat zinetd.yaml)" zinetd
#
# docs/how-to/run-in-a-container.md has the rest: files, low ports, a read-only root, handlers of your own. The images are
# pinned by version; a build that is to be the same next year pins them by digest:
#   docker build --build-arg RUNTIME_IMAGE=debian@sha256:... --build-arg BUILD_IMAGE=node@sha256:... -t zinetd .
ARG BUILD_IMAGE=node:24.14.1-bookworm
ARG RUNTIME_IMAGE=debian:12.12-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /opt/zinetd
COPY package.json package-lock.json .npmrc binding.gyp tsconfig.json tsconfig.build.json ./
COPY scripts/bundle.mjs ./scripts/
COPY src ./src
# `npm ci` builds the native pieces, against the headers of this very Node, and through `prepare` the TypeScript.
RUN npm_config_nodedir=/usr/local npm ci --no-audit --no-fund \
	&& npm prune --omit=dev --ignore-scripts \
	&& chmod 755 dist/main.js

# Neither compiler nor npm. A shell and apt are there for the handlers that images built on this one bring along.
FROM ${RUNTIME_IMAGE}
RUN groupadd --gid 65532 zinetd \
	&& useradd --key UID_MAX=65532 --uid 65532 --gid 65532 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin zinetd \
	&& install -d -m 755 /etc/zinetd \
	&& install -d -m 755 -o zinetd -g zinetd /run/zinetd \
	&& install -d -m 700 -o zinetd -g zinetd /var/lib/zinetd
COPY --from=build /usr/local/bin/node /usr/bin/node
WORKDIR /opt/zinetd
COPY --from=build /opt/zinetd/package.json ./
COPY --from=build /opt/zinetd/node_modules ./node_modules
COPY --from=build /opt/zinetd/build/Release/zinetd-spawner /opt/zinetd/build/Release/zinetd_addon.node ./build/Release/
COPY --from=build /opt/zinetd/dist/main.js ./dist/
COPY --from=build /opt/zinetd/dist/parts ./dist/parts
RUN ln -s /opt/zinetd/dist/main.js /usr/bin/zinetd
# Where whoever is not root finds configuration, state and control socket: as root, who has them there without these.
ENV XDG_CONFIG_HOME=/etc XDG_STATE_HOME=/var/lib XDG_RUNTIME_DIR=/run
WORKDIR /
# By number, so that an orchestrator can tell that it is not root.
USER 65532:65532
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["zinetd", "health"]
ENTRYPOINT ["zinetd"]
CMD ["run", "--log-format", "json"]
