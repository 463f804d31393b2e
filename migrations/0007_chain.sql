CREATE TABLE "log_links" (
	"n" bigint PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"first_id" bigint NOT NULL,
	"last_id" bigint NOT NULL,
	"lines" integer NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"to_at" timestamp (3) with time zone NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"entries" text NOT NULL,
	"signed_from" bigint,
	"before" text NOT NULL,
	"hash" text NOT NULL,
	"key" text,
	"signature" text
);
--> statement-breakpoint
CREATE INDEX "log_links_by_source" ON "log_links" USING btree ("source","last_id");