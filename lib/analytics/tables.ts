/** The archive's files as Athena finds them, every cell a text. The views beside them are what people query. */
export const ROOM_CHARGES_TABLE = 'room_charges_csv';
export const LINE_ITEMS_TABLE = 'line_items_csv';
export const MANIFESTS_TABLE = 'manifests_json';
