select pg_relation_filepath(oid)
from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')
order by relname
