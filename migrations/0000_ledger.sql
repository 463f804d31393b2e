CREATE SEQUENCE "public"."correlation_ids" INCREMENT BY 1 MINVALUE 1 MAXVALUE 1125899906842623 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "agreement_versions" (
	"version" integer PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"body" jsonb NOT NULL,
	"imported_at" timestamp (3) with time zone NOT NULL,
	"source" text NOT NULL,
	"active" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"id" text PRIMARY KEY NOT NULL,
	"flow" text NOT NULL,
	"record_id" text,
	"subject" text NOT NULL,
	"state" text NOT NULL,
	"hold" text,
	"hold_detail" text,
	"revision" integer NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"run_id" bigint,
	"agreement_version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conflicts" (
	"id" text PRIMARY KEY NOT NULL,
	"change_id" text NOT NULL,
	"record_id" text NOT NULL,
	"flow" text NOT NULL,
	"field" text NOT NULL,
	"state" text NOT NULL,
	"options" jsonb NOT NULL,
	"options_revision" integer NOT NULL,
	"agreed_before" jsonb,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"deadline" timestamp (3) with time zone,
	"fallback" text NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"chosen" jsonb,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"conflict_id" text NOT NULL,
	"change_id" text NOT NULL,
	"field" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"from" text NOT NULL,
	"value" jsonb,
	"revision" integer NOT NULL,
	"agreement_version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "intents" (
	"id" text PRIMARY KEY NOT NULL,
	"change_id" text NOT NULL,
	"record_id" text NOT NULL,
	"connection" text NOT NULL,
	"external_id" text NOT NULL,
	"fields" jsonb NOT NULL,
	"before" jsonb NOT NULL,
	"payload_hash" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"run_id" bigint NOT NULL,
	"agreement_version" integer NOT NULL,
	"committed_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "pending" (
	"record_id" text NOT NULL,
	"field" text NOT NULL,
	"change_id" text NOT NULL,
	"value" jsonb,
	"by" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "pending_record_id_field_pk" PRIMARY KEY("record_id","field")
);
--> statement-breakpoint
CREATE TABLE "story" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"change_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"connection" text,
	"field" text,
	"actor" text,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"connection" text NOT NULL,
	"span" text NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"used" integer NOT NULL,
	"vendor_remaining" integer,
	"closed_until" timestamp (3) with time zone,
	CONSTRAINT "budgets_connection_span_pk" PRIMARY KEY("connection","span")
);
--> statement-breakpoint
CREATE TABLE "exchange_changes" (
	"change_id" text NOT NULL,
	"exchange_id" bigint NOT NULL,
	CONSTRAINT "exchange_changes_change_id_exchange_id_pk" PRIMARY KEY("change_id","exchange_id")
);
--> statement-breakpoint
CREATE TABLE "exchanges" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"connection" text NOT NULL,
	"purpose" text NOT NULL,
	"method" text NOT NULL,
	"url" text NOT NULL,
	"attempt" integer NOT NULL,
	"status" integer,
	"duration_ms" integer NOT NULL,
	"error" text,
	"request_body" jsonb,
	"response_body" jsonb,
	"response_hash" text,
	"headers" jsonb,
	"run_id" bigint
);
--> statement-breakpoint
CREATE TABLE "incident_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"incident_id" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"run_id" integer,
	"actor" text,
	"message" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" serial PRIMARY KEY NOT NULL,
	"flow" text NOT NULL,
	"connection" text,
	"cause" text NOT NULL,
	"key" text NOT NULL,
	"state" text NOT NULL,
	"revision" integer NOT NULL,
	"correlation_id" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"recovered_at" timestamp (3) with time zone,
	"acknowledged_by" text,
	"acknowledged_until" timestamp (3) with time zone,
	"events" integer NOT NULL,
	"returns" integer DEFAULT 0 NOT NULL,
	"message" text NOT NULL,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"key" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"flow" text NOT NULL,
	"template" text,
	"params" jsonb NOT NULL,
	"rank" integer NOT NULL,
	"wanted" integer NOT NULL,
	"sent" integer DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"not_before" timestamp (3) with time zone NOT NULL,
	"channel" text,
	"ts" text,
	"error" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agreed" (
	"record_id" text NOT NULL,
	"field" text NOT NULL,
	"value" jsonb,
	"settled_at" timestamp (3) with time zone NOT NULL,
	"settled_by" text NOT NULL,
	"change_id" text,
	"agreement_version" bigint NOT NULL,
	CONSTRAINT "agreed_record_id_field_pk" PRIMARY KEY("record_id","field")
);
--> statement-breakpoint
CREATE TABLE "bases" (
	"record_id" text NOT NULL,
	"connection" text NOT NULL,
	"role" text NOT NULL,
	"field" text NOT NULL,
	"state" text NOT NULL,
	"value" jsonb,
	"origin" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bases_record_id_connection_field_pk" PRIMARY KEY("record_id","connection","field")
);
--> statement-breakpoint
CREATE TABLE "links" (
	"record_id" text NOT NULL,
	"connection" text NOT NULL,
	"role" text NOT NULL,
	"external_id" text NOT NULL,
	"how" text NOT NULL,
	"linked_at" timestamp (3) with time zone NOT NULL,
	"archived" boolean DEFAULT false NOT NULL,
	"url" text,
	"vendor_at" timestamp (3) with time zone,
	"read_at" timestamp (3) with time zone,
	CONSTRAINT "links_record_id_connection_role_pk" PRIMARY KEY("record_id","connection","role")
);
--> statement-breakpoint
CREATE TABLE "records" (
	"id" text PRIMARY KEY NOT NULL,
	"entity" text NOT NULL,
	"title" text NOT NULL,
	"key_value" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cursors" (
	"flow" text NOT NULL,
	"connection" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"moved_by" bigint NOT NULL,
	CONSTRAINT "cursors_flow_connection_pk" PRIMARY KEY("flow","connection")
);
--> statement-breakpoint
CREATE TABLE "facts" (
	"name" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hints" (
	"connection" text NOT NULL,
	"external_id" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"events" integer NOT NULL,
	CONSTRAINT "hints_connection_external_id_pk" PRIMARY KEY("connection","external_id")
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"epoch" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"flow" text NOT NULL,
	"slot" timestamp (3) with time zone NOT NULL,
	"trigger" text NOT NULL,
	"state" text NOT NULL,
	"epoch" integer NOT NULL,
	"owner" text NOT NULL,
	"correlation_id" text NOT NULL,
	"agreement_version" integer NOT NULL,
	"targets" jsonb,
	"asked_by" text,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"counts" jsonb,
	"failures" jsonb,
	"resume_at" timestamp (3) with time zone,
	"judged" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "staged" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"run_id" bigint NOT NULL,
	"flow" text NOT NULL,
	"connection" text NOT NULL,
	"external_id" text NOT NULL,
	"observation" jsonb,
	"state" text NOT NULL,
	"reason" text,
	"exchange_id" bigint,
	"record_id" text,
	"staged_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_record_id_records_id_fk" FOREIGN KEY ("record_id") REFERENCES "public"."records"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conflicts" ADD CONSTRAINT "conflicts_change_id_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."changes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_conflict_id_conflicts_id_fk" FOREIGN KEY ("conflict_id") REFERENCES "public"."conflicts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intents" ADD CONSTRAINT "intents_change_id_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."changes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pending" ADD CONSTRAINT "pending_change_id_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."changes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "story" ADD CONSTRAINT "story_change_id_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."changes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_events" ADD CONSTRAINT "incident_events_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agreed" ADD CONSTRAINT "agreed_record_id_records_id_fk" FOREIGN KEY ("record_id") REFERENCES "public"."records"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bases" ADD CONSTRAINT "bases_record_id_connection_role_links_record_id_connection_role_fk" FOREIGN KEY ("record_id","connection","role") REFERENCES "public"."links"("record_id","connection","role") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "links" ADD CONSTRAINT "links_record_id_records_id_fk" FOREIGN KEY ("record_id") REFERENCES "public"."records"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "agreement_one_active" ON "agreement_versions" USING btree ("active") WHERE "agreement_versions"."active";--> statement-breakpoint
CREATE UNIQUE INDEX "changes_one_open" ON "changes" USING btree ("record_id") WHERE "changes"."closed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "changes_one_malformed" ON "changes" USING btree ("flow","subject") WHERE "changes"."closed_at" is null and "changes"."record_id" is null;--> statement-breakpoint
CREATE INDEX "changes_recent" ON "changes" USING btree ("flow","updated_at");--> statement-breakpoint
CREATE UNIQUE INDEX "conflicts_one_open" ON "conflicts" USING btree ("record_id","field") WHERE "conflicts"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "conflicts_open" ON "conflicts" USING btree ("flow") WHERE "conflicts"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "conflicts_by_change" ON "conflicts" USING btree ("change_id");--> statement-breakpoint
CREATE UNIQUE INDEX "decisions_once" ON "decisions" USING btree ("conflict_id");--> statement-breakpoint
CREATE UNIQUE INDEX "intents_one_in_flight" ON "intents" USING btree ("record_id","connection") WHERE "intents"."state" in ('in_flight', 'unknown');--> statement-breakpoint
CREATE INDEX "intents_by_change" ON "intents" USING btree ("change_id");--> statement-breakpoint
CREATE INDEX "story_by_change" ON "story" USING btree ("change_id","id");--> statement-breakpoint
CREATE INDEX "exchanges_by_run" ON "exchanges" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "exchanges_recent" ON "exchanges" USING btree ("connection","at");--> statement-breakpoint
CREATE INDEX "incident_events_by_incident" ON "incident_events" USING btree ("incident_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_one_open" ON "incidents" USING btree ("key") WHERE "incidents"."state" <> 'recovered';--> statement-breakpoint
CREATE INDEX "incidents_recent" ON "incidents" USING btree ("flow","opened_at");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("rank","not_before") WHERE "outbox"."state" <> 'sent';--> statement-breakpoint
CREATE INDEX "outbox_by_subject" ON "outbox" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "bases_by_record" ON "bases" USING btree ("record_id");--> statement-breakpoint
CREATE UNIQUE INDEX "links_external" ON "links" USING btree ("connection","role","external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "records_strong_key" ON "records" USING btree ("entity","key_value");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_slot" ON "runs" USING btree ("flow","slot");--> statement-breakpoint
CREATE INDEX "runs_to_judge" ON "runs" USING btree ("finished_at") WHERE not "runs"."judged";--> statement-breakpoint
CREATE INDEX "runs_recent" ON "runs" USING btree ("flow","started_at");--> statement-breakpoint
CREATE INDEX "staged_waiting" ON "staged" USING btree ("flow","id") WHERE "staged"."state" in ('staged', 'matched');--> statement-breakpoint
CREATE INDEX "staged_by_record" ON "staged" USING btree ("record_id");