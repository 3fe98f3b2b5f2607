/** What sun_path of unix(7) holds, without the NUL behind it; a longer path would be cut (S114). */
export const MOST_SOCKET_PATH_BYTES = 107;
