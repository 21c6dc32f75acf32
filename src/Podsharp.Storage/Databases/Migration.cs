namespace Podsharp.Storage.Databases;

/// <summary>Takes a database from the version before to this one; statements run in one transaction.</summary>
internal sealed record Migration(int Version, string Statements);

/// <summary>Every shape the databases ever had. A step that was released is never changed; a new one is added.</summary>
internal static class Schema
{
    public static readonly IReadOnlyList<Migration> Definitions =
    [
        new(1, """
            CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE container (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, definition BLOB NOT NULL, last_state BLOB);
            CREATE TABLE image (id TEXT PRIMARY KEY, record BLOB NOT NULL);
            CREATE TABLE layer (diff_id TEXT PRIMARY KEY, size INTEGER NOT NULL, tar_size INTEGER NOT NULL);
            CREATE TABLE network (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, record BLOB NOT NULL);
            CREATE TABLE volume (name TEXT PRIMARY KEY, record BLOB NOT NULL);
            CREATE TABLE event (
                number INTEGER PRIMARY KEY, time INTEGER NOT NULL, subject INTEGER NOT NULL, action TEXT NOT NULL, id TEXT NOT NULL, attributes BLOB);
            """),
        new(2, "ALTER TABLE layer ADD COLUMN disk INTEGER;"),
        new(3, "ALTER TABLE layer ADD COLUMN spared INTEGER;"),
    ];

    public static readonly IReadOnlyList<Migration> Running =
    [
        new(1, """
            CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE state (id TEXT PRIMARY KEY, record BLOB NOT NULL);
            """),
    ];
}
