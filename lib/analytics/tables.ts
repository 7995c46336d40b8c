/** Tables over the archive's files as they are, with every cell as text. People query the views instead. */
export const ROOM_CHARGES_TABLE = 'room_charges_csv';
export const LINE_ITEMS_TABLE = 'line_items_csv';
export const MANIFESTS_TABLE = 'manifests_json';
