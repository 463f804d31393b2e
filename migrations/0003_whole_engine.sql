CREATE TABLE "approvals" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"conflict_id" text NOT NULL,
	"change_id" text NOT NULL,
	"field" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"from" text NOT NULL,
	"value" jsonb,
	"revision" integer NOT NULL,
	"agreement_version" integer NOT NULL,
	"withdrawn_at" timestamp (3) with time zone,
	"withdrawn_because" text
);
--> statement-breakpoint
CREATE TABLE "losses" (
	"connection" text NOT NULL,
	"field" text NOT NULL,
	"record_id" text NOT NULL,
	"kind" text NOT NULL,
	"change_id" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"over_at" timestamp (3) with time zone,
	CONSTRAINT "losses_connection_field_record_id_pk" PRIMARY KEY("connection","field","record_id")
);
--> statement-breakpoint
CREATE TABLE "shapes" (
	"connection" text NOT NULL,
	"endpoint" text NOT NULL,
	"shape" jsonb NOT NULL,
	"counts" jsonb NOT NULL,
	"drifts" jsonb NOT NULL,
	"first_seen_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "shapes_connection_endpoint_pk" PRIMARY KEY("connection","endpoint")
);
--> statement-breakpoint
CREATE TABLE "homes" (
	"user" text PRIMARY KEY NOT NULL,
	"view" text NOT NULL,
	"unfolded" boolean DEFAULT false NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"shown" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "interruptions" (
	"key" text NOT NULL,
	"person" text NOT NULL,
	"flow" text NOT NULL,
	"kind" text NOT NULL,
	"cause" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "interruptions_key_person_pk" PRIMARY KEY("key","person")
);
--> statement-breakpoint
CREATE TABLE "laters" (
	"change_id" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "laters_change_id_by_pk" PRIMARY KEY("change_id","by")
);
--> statement-breakpoint
CREATE TABLE "likenesses" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"flow" text NOT NULL,
	"state" text NOT NULL,
	"left_record" text NOT NULL,
	"right_record" text NOT NULL,
	"left_places" jsonb NOT NULL,
	"right_places" jsonb NOT NULL,
	"left_title" text NOT NULL,
	"right_title" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"points" integer NOT NULL,
	"revision" integer NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"checked_at" timestamp (3) with time zone NOT NULL,
	"answered_by" text,
	"answered_at" timestamp (3) with time zone,
	"joined" jsonb,
	"undone_by" text,
	"undone_at" timestamp (3) with time zone,
	"apart_at" timestamp (3) with time zone,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "looks" (
	"clue" text NOT NULL,
	"record_id" text NOT NULL,
	CONSTRAINT "looks_clue_record_id_pk" PRIMARY KEY("clue","record_id")
);
--> statement-breakpoint
CREATE TABLE "many_answers" (
	"id" text PRIMARY KEY NOT NULL,
	"flow" text NOT NULL,
	"field" text NOT NULL,
	"from" text NOT NULL,
	"by" text NOT NULL,
	"items" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"taken_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "pauses" (
	"id" serial PRIMARY KEY NOT NULL,
	"flow" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone,
	"revision" integer DEFAULT 1 NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text
);
--> statement-breakpoint
CREATE TABLE "absences" (
	"id" serial PRIMARY KEY NOT NULL,
	"flow" text NOT NULL,
	"record_id" text NOT NULL,
	"connection" text NOT NULL,
	"external_id" text NOT NULL,
	"state" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"how" text,
	"merged_into" text,
	"change_id" text,
	"revision" integer DEFAULT 1 NOT NULL,
	"choices" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"ended" text,
	"ended_by" text,
	"ended_at" timestamp (3) with time zone,
	"done_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "field_holds" (
	"record_id" text NOT NULL,
	"field" text NOT NULL,
	"reason" text NOT NULL,
	"found" jsonb NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"by" text NOT NULL,
	"rollback_id" text,
	"released_at" timestamp (3) with time zone,
	"released_by" text,
	CONSTRAINT "field_holds_record_id_field_pk" PRIMARY KEY("record_id","field")
);
--> statement-breakpoint
CREATE TABLE "settlements" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"record_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"change_id" text,
	"by" text NOT NULL,
	"agreement_version" bigint NOT NULL,
	"fields" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sightings" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"record_id" text NOT NULL,
	"connection" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"vendor_at" timestamp (3) with time zone,
	"origin" text NOT NULL,
	"run_id" bigint,
	"exchange_id" bigint,
	"fields" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollback_items" (
	"rollback_id" text NOT NULL,
	"record_id" text NOT NULL,
	"connection" text NOT NULL,
	"field" text NOT NULL,
	"intent_id" text NOT NULL,
	"change_id" text NOT NULL,
	"written" jsonb,
	"before" jsonb,
	"found" jsonb,
	"verdict" text NOT NULL,
	"why" text,
	"changed_by" text,
	"outcome" text,
	"back_change_id" text,
	"back_intent_id" text,
	"took_pending" boolean DEFAULT false NOT NULL,
	"concluded_at" timestamp (3) with time zone,
	CONSTRAINT "rollback_items_rollback_id_record_id_connection_field_pk" PRIMARY KEY("rollback_id","record_id","connection","field")
);
--> statement-breakpoint
CREATE TABLE "rollbacks" (
	"id" text PRIMARY KEY NOT NULL,
	"flow" text NOT NULL,
	"scope" text NOT NULL,
	"target" text NOT NULL,
	"state" text NOT NULL,
	"by" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"previewed_at" timestamp (3) with time zone,
	"approved_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "safety_stops" (
	"id" serial PRIMARY KEY NOT NULL,
	"flow" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"run_id" bigint NOT NULL,
	"revision" integer NOT NULL,
	"counts" jsonb NOT NULL,
	"covers" jsonb NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "story" DROP CONSTRAINT "story_change_id_changes_id_fk";
--> statement-breakpoint
ALTER TABLE "agreed" DROP CONSTRAINT "agreed_record_id_records_id_fk";
--> statement-breakpoint
DROP INDEX "changes_one_open";
--> statement-breakpoint
DROP INDEX "links_external";
--> statement-breakpoint
DROP INDEX "staged_waiting";
--> statement-breakpoint
ALTER TABLE "agreement_versions" ALTER COLUMN "body" SET DATA TYPE json;
--> statement-breakpoint
ALTER TABLE "agreement_versions" ADD COLUMN "state" text DEFAULT 'replaced' NOT NULL;
--> statement-breakpoint
ALTER TABLE "agreement_versions" ADD COLUMN "preview" jsonb;
--> statement-breakpoint
ALTER TABLE "agreement_versions" ADD COLUMN "approvals" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "agreement_versions" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE "agreement_versions" ADD COLUMN "decided_by" text;
--> statement-breakpoint
ALTER TABLE "agreement_versions" ADD COLUMN "decided_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "next_try_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "state" jsonb;
--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "revision" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "snoozed_by" text;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "snoozed_until" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "open_since" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "called_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "rung" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "needs" jsonb DEFAULT '[]'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "locked" text;
--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "locked_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "print" text;
--> statement-breakpoint
ALTER TABLE "hints" ADD COLUMN "read_by" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "notes" jsonb;
--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_conflict_id_conflicts_id_fk" FOREIGN KEY ("conflict_id") REFERENCES "public"."conflicts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "laters" ADD CONSTRAINT "laters_change_id_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."changes"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "rollback_items" ADD CONSTRAINT "rollback_items_rollback_id_rollbacks_id_fk" FOREIGN KEY ("rollback_id") REFERENCES "public"."rollbacks"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_one_open" ON "approvals" USING btree ("conflict_id") WHERE "approvals"."withdrawn_at" is null;
--> statement-breakpoint
CREATE INDEX "approvals_by_change" ON "approvals" USING btree ("change_id");
--> statement-breakpoint
CREATE INDEX "losses_by_field" ON "losses" USING btree ("connection","field","last_at");
--> statement-breakpoint
CREATE INDEX "interruptions_of_person" ON "interruptions" USING btree ("person","at");
--> statement-breakpoint
CREATE INDEX "laters_of_person" ON "laters" USING btree ("by","until");
--> statement-breakpoint
CREATE UNIQUE INDEX "likenesses_one_open" ON "likenesses" USING btree ("left_record","right_record") WHERE "likenesses"."state" = 'open';
--> statement-breakpoint
CREATE INDEX "likenesses_by_flow" ON "likenesses" USING btree ("flow","state");
--> statement-breakpoint
CREATE INDEX "likenesses_joined" ON "likenesses" USING btree (("joined" ->> 'taken'));
--> statement-breakpoint
CREATE INDEX "many_answers_age" ON "many_answers" USING btree ("at");
--> statement-breakpoint
CREATE UNIQUE INDEX "pauses_one_open" ON "pauses" USING btree ("flow") WHERE "pauses"."ended_at" is null;
--> statement-breakpoint
CREATE INDEX "pauses_recent" ON "pauses" USING btree ("flow","id");
--> statement-breakpoint
CREATE UNIQUE INDEX "absences_one_open" ON "absences" USING btree ("record_id","connection") WHERE "absences"."state" <> 'over';
--> statement-breakpoint
CREATE INDEX "absences_open" ON "absences" USING btree ("flow","state") WHERE "absences"."state" <> 'over';
--> statement-breakpoint
CREATE INDEX "field_holds_by_rollback" ON "field_holds" USING btree ("rollback_id");
--> statement-breakpoint
CREATE INDEX "settlements_by_record" ON "settlements" USING btree ("record_id","id");
--> statement-breakpoint
CREATE INDEX "sightings_by_record" ON "sightings" USING btree ("record_id","id");
--> statement-breakpoint
CREATE INDEX "rollback_items_back" ON "rollback_items" USING btree ("back_intent_id") WHERE "rollback_items"."back_intent_id" is not null;
--> statement-breakpoint
CREATE INDEX "rollback_items_back_change" ON "rollback_items" USING btree ("back_change_id") WHERE "rollback_items"."back_change_id" is not null;
--> statement-breakpoint
CREATE INDEX "rollbacks_recent" ON "rollbacks" USING btree ("flow","asked_at");
--> statement-breakpoint
CREATE INDEX "rollbacks_waiting" ON "rollbacks" USING btree ("flow") WHERE "rollbacks"."state" in ('asked', 'under_way');
--> statement-breakpoint
CREATE INDEX "rollbacks_by_target" ON "rollbacks" USING btree ("target");
--> statement-breakpoint
CREATE UNIQUE INDEX "safety_stops_one_open" ON "safety_stops" USING btree ("flow","kind") WHERE "safety_stops"."state" = 'open';
--> statement-breakpoint
CREATE INDEX "safety_stops_recent" ON "safety_stops" USING btree ("flow","opened_at");
--> statement-breakpoint
CREATE INDEX "changes_by_record" ON "changes" USING btree ("record_id");
--> statement-breakpoint
CREATE INDEX "changes_open" ON "changes" USING btree ("flow","hold") WHERE "changes"."closed_at" is null;
--> statement-breakpoint
CREATE INDEX "conflicts_by_record" ON "conflicts" USING btree ("record_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "changes_one_open" ON "changes" USING btree ("record_id","flow") WHERE "changes"."closed_at" is null;
--> statement-breakpoint
CREATE UNIQUE INDEX "links_external" ON "links" USING btree ("connection","external_id","role");
--> statement-breakpoint
CREATE INDEX "staged_waiting" ON "staged" USING btree ("flow","state","id") WHERE "staged"."state" in ('staged', 'matched', 'malformed');
--> statement-breakpoint
ALTER TABLE "bases" RENAME TO "bases_by_field";
--> statement-breakpoint
CREATE TABLE "bases" (
	"record_id" text NOT NULL,
	"connection" text NOT NULL,
	"role" text NOT NULL,
	"fields" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bases_record_id_connection_pk" PRIMARY KEY("record_id","connection")
);
--> statement-breakpoint
INSERT INTO "bases" ("record_id", "connection", "role", "fields", "at")
SELECT "record_id", "connection", min("role"), jsonb_object_agg("field", CASE WHEN "state" <> 'value' THEN jsonb_build_object('state', "state") WHEN "value" IS NULL THEN jsonb_build_object('state', 'blank') ELSE jsonb_build_object('state', 'value', 'value', "value") END), max("at")
FROM "bases_by_field" GROUP BY "record_id", "connection";
--> statement-breakpoint
DROP TABLE "bases_by_field";
--> statement-breakpoint
ALTER TABLE "bases" ADD CONSTRAINT "bases_record_id_connection_role_links_record_id_connection_role_fk" FOREIGN KEY ("record_id","connection","role") REFERENCES "public"."links"("record_id","connection","role") ON DELETE no action ON UPDATE no action;