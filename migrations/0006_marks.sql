CREATE TABLE "markings" (
	"connection" text NOT NULL,
	"entity" text NOT NULL,
	"approved_by" text NOT NULL,
	"approved_at" timestamp (3) with time zone NOT NULL,
	"done_at" timestamp (3) with time zone,
	"quiet_at" timestamp (3) with time zone,
	CONSTRAINT "markings_connection_entity_pk" PRIMARY KEY("connection","entity")
);
--> statement-breakpoint
CREATE TABLE "marks" (
	"connection" text NOT NULL,
	"role" text NOT NULL,
	"external_id" text NOT NULL,
	"marker" text,
	"wanted" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"reason" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "marks_connection_role_external_id_pk" PRIMARY KEY("connection","role","external_id")
);
--> statement-breakpoint
CREATE INDEX "marks_by_marker" ON "marks" USING btree ("marker");--> statement-breakpoint
CREATE INDEX "marks_by_wanted" ON "marks" USING btree ("wanted");