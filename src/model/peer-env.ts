/**
 * Names that handlers know their client by: REMOTE_HOST of xinetd; PROTO, TCPLOCALIP and others of UCSPI; REMOTE_ADDR
 * and REMOTE_PORT of CGI and systemd.
 */
export const PEER_ENV_SETS = ['xinetd', 'ucspi', 'cgi'] as const;

export type PeerEnvSet = (typeof PEER_ENV_SETS)[number];
