/** More than any run makes: limits are lifted, not tested. */
export const MANY = '1000000000';
export const AT_ONCE = 5000;
export const BACKLOG = 1024;
