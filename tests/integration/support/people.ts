/** Who asks, as `Authorization: Local <name>:<role>,<role>` says it. */
export const VERA = 'vera:viewer';
export const OTTO = 'otto:operator';
export const PIA = 'pia:approver';
export const ADA = 'ada:admin';
/** Somebody with every role. */
export const EVE = 'eve:viewer,operator,approver,admin';

/** The name of a person. */
export const nameOf = (person: string) => person.slice(0, person.indexOf(':'));
