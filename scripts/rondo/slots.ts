const numbered = /^GCP_SERVICE_ACCOUNT(?:_(\d+))?$/;

export const isNumbered = (variable: string): boolean => numbered.test(variable);

/** The one without a number comes first. */
export const numberOf = (variable: string): number => Number(numbered.exec(variable)?.[1] ?? 0);
