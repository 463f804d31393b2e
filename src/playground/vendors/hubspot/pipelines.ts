/** A stage of the practice company's only pipeline of deals: HubSpot's own. Source: HubSpot's guide to pipelines. */
interface Stage {
  readonly id: string;
  readonly label: string;
  readonly probability: string;
  readonly isClosed: boolean;
}

const open = (id: string, label: string, probability: string): Stage => ({
  id,
  label,
  probability,
  isClosed: false,
});

export const stages: readonly Stage[] = [
  open('appointmentscheduled', 'Appointment scheduled', '0.2'),
  open('qualifiedtobuy', 'Qualified to buy', '0.4'),
  open('presentationscheduled', 'Presentation scheduled', '0.6'),
  open('decisionmakerboughtin', 'Decision maker bought in', '0.8'),
  open('contractsent', 'Contract sent', '0.9'),
  { id: 'closedwon', label: 'Closed won', probability: '1.0', isClosed: true },
  { id: 'closedlost', label: 'Closed lost', probability: '0.0', isClosed: true },
];

export const pipeline = { id: 'default', label: 'Sales pipeline' } as const;

/** As `GET /crm/pipelines/2026-09/deals` tells it. */
export const pipelineBody = {
  ...pipeline,
  displayOrder: 0,
  archived: false,
  createdAt: '2019-03-14T00:00:00.000Z',
  updatedAt: '2019-03-14T00:00:00.000Z',
  stages: stages.map(({ id, label, probability, isClosed }, displayOrder) => ({
    id,
    label,
    displayOrder,
    archived: false,
    createdAt: '2019-03-14T00:00:00.000Z',
    updatedAt: '2019-03-14T00:00:00.000Z',
    metadata: { probability, isClosed: String(isClosed) },
    writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
  })),
};
