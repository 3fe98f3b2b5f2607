/** What a variable can be called: as POSIX has it for names that everybody can use. */
export const ENV_NAME: RegExp = /^[A-Za-z_][A-Za-z0-9_]*$/;
