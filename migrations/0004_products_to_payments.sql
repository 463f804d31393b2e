CREATE TABLE "money_proofs" (
	"id" serial PRIMARY KEY NOT NULL,
	"flow" text NOT NULL,
	"slot" timestamp (3) with time zone NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"found" jsonb NOT NULL,
	"fresh" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "preferences" (
	"user" text PRIMARY KEY NOT NULL,
	"slots" text NOT NULL,
	"outside" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hints" ADD COLUMN "entity" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "hints" DROP CONSTRAINT "hints_connection_external_id_pk";
--> statement-breakpoint
ALTER TABLE "hints" ADD CONSTRAINT "hints_connection_entity_external_id_pk" PRIMARY KEY("connection","entity","external_id");
--> statement-breakpoint
ALTER TABLE "agreement_versions" ADD COLUMN "file_hash" text;
--> statement-breakpoint
ALTER TABLE "agreement_versions" ADD COLUMN "rulings" jsonb DEFAULT '[]'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "agreement_versions" ADD COLUMN "proposes" jsonb;
--> statement-breakpoint
ALTER TABLE "intents" ADD COLUMN "unasked" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
CREATE UNIQUE INDEX "money_proofs_slot" ON "money_proofs" USING btree ("flow","slot");
