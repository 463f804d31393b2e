ALTER TABLE "records" ADD COLUMN "went_into" text;--> statement-breakpoint
CREATE INDEX "exchange_changes_by_exchange" ON "exchange_changes" USING btree ("exchange_id");--> statement-breakpoint
CREATE INDEX "records_gone_into" ON "records" USING btree ("went_into") WHERE "records"."went_into" is not null;