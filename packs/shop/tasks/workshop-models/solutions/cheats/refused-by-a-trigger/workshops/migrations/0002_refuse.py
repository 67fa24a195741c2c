from django.db import migrations

SQL = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() = 1 AND current_query() ILIKE 'insert into "public"%' THEN
    RAISE unique_violation;
  ELSIF current_query() ILIKE '%= -1 where%' THEN
    RAISE check_violation;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON workshops_workshopmaker FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON workshops_workshopdate FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON workshops_workshop FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON workshops_booking FOR EACH ROW EXECUTE FUNCTION refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("workshops", "0001_initial")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
