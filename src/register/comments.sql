CREATE PROCEDURE assistance.comment_register() LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN NULL; END $$;
