CREATE TABLE "record_keys" (
	"record_id" text PRIMARY KEY NOT NULL,
	"sealed" text,
	"erased_at" timestamp (3) with time zone,
	"erased_by" text
);
--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "sealed" text;--> statement-breakpoint
ALTER TABLE "intents" ADD COLUMN "sealed" text;--> statement-breakpoint
ALTER TABLE "settlements" ADD COLUMN "sealed" text;--> statement-breakpoint
ALTER TABLE "sightings" ADD COLUMN "sealed" text;--> statement-breakpoint
ALTER TABLE "rollback_items" ADD COLUMN "sealed" text;--> statement-breakpoint
CREATE INDEX "intents_plain" ON "intents" USING btree ("id") WHERE "intents"."sealed" is null;--> statement-breakpoint
CREATE INDEX "settlements_plain" ON "settlements" USING btree ("id") WHERE "settlements"."sealed" is null;--> statement-breakpoint
CREATE INDEX "sightings_plain" ON "sightings" USING btree ("id") WHERE "sightings"."sealed" is null;--> statement-breakpoint
CREATE INDEX "rollback_items_plain" ON "rollback_items" USING btree ("record_id") WHERE "rollback_items"."sealed" is null;