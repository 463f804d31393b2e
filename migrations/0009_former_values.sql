CREATE TABLE "former_values" (
	"hash" text NOT NULL,
	"record_id" text NOT NULL,
	CONSTRAINT "former_values_hash_record_id_pk" PRIMARY KEY("hash","record_id")
);
