/**
 * Connections of one service that may be without their header of the PROXY protocol. It comes with the connection, so
 * that hundreds come in each second while a handful is awaited.
 */
export const MOST_AWAITED_HEADERS = 128;
