/** What is said of a view when it is saved, beside what it looks at. */
export type ViewDraft = { name: string; shared: boolean; badge: boolean };

export const NEW_VIEW: ViewDraft = { name: '', shared: false, badge: false };
