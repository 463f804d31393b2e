/** A property as the properties API tells it. Source: HubSpot API 2026-09, properties. */
export interface Property {
  readonly name: string;
  readonly label: string;
  readonly type: 'string' | 'number' | 'date' | 'datetime' | 'bool' | 'enumeration' | 'phone_number';
  readonly fieldType: string;
  readonly groupName: string;
  readonly description?: string;
  /** Made by the company, not by HubSpot. */
  readonly custom?: true;
  readonly readOnly?: true;
  readonly options?: readonly { readonly label: string; readonly value: string }[];
  /** No two records have the same value; may serve as `idProperty`. */
  readonly unique?: true;
  readonly notNegative?: true;
}

export interface Group {
  readonly name: string;
  readonly label: string;
  readonly displayOrder: number;
}
