DROP INDEX "outbox_due";--> statement-breakpoint
CREATE INDEX "outbox_in_order" ON "outbox" USING btree ("rank","created_at","key") WHERE "outbox"."state" <> 'sent';