/** The variable of the environment that a configuration can be in, for where there is no file to write it to. */
export const CONFIG_VARIABLE = 'ZINETD_CONFIG';
