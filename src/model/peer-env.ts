/**
 * Names that handlers know their client by: REMOTE_HOST of xinetd; PROTO, TCPLOCALIP and others of UCSPI; REMOTE_ADDR
 * and REMOTE_PORT of CGI and systemd; ZINETD_SERVICE and ZINETD_CONNECTION_ID of our own; SSL_PROTOCOL and others of a
 * connection that came by TLS.
 */
export const PEER_ENV_SETS = ['xinetd', 'ucspi', 'cgi', 'zinetd', 'tls'] as const;

export type PeerEnvSet = (typeof PEER_ENV_SETS)[number];
