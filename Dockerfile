# zinetd as the entrypoint of a container: PID 1, the log on standard output, TERM to stop.
#
#   docker build -t zinetd .
#   docker run --rm -p 7007:7007 -v "$PWD/zinetd.yaml:/etc/zinetd/zinetd.yaml:ro" zinetd
#
# The configuration must belong to root and be writable by nobody else, as seen in the container: a file of yours that is
# mounted will be refused, one that is copied into an image of your own passes.

FROM node:24-bookworm AS build
WORKDIR /opt/zinetd
COPY package.json package-lock.json .npmrc binding.gyp tsconfig.json tsconfig.build.json ./
COPY src ./src
# `npm ci` builds the native pieces and, through `prepare`, the TypeScript.
RUN npm ci && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
RUN useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin zinetd \
	&& mkdir /etc/zinetd
WORKDIR /opt/zinetd
COPY --from=build /opt/zinetd/package.json ./
COPY --from=build /opt/zinetd/node_modules ./node_modules
COPY --from=build /opt/zinetd/build/Release/zinetd-spawner /opt/zinetd/build/Release/zinetd_addon.node ./build/Release/
COPY --from=build /opt/zinetd/dist ./dist
RUN printf '#!/bin/sh\nexec /usr/local/bin/node /opt/zinetd/dist/main.js "$@"\n' >/usr/local/bin/zinetd \
	&& chmod 755 /usr/local/bin/zinetd
WORKDIR /
STOPSIGNAL SIGTERM
ENTRYPOINT ["zinetd"]
CMD ["run", "-c", "/etc/zinetd/zinetd.yaml"]
