using Podsharp.Core.Errors;
using Podsharp.Storage.Databases;

namespace Podsharp.Storage.Tests.Databases;

public sealed class DatabaseTests
{
    private static readonly Migration First = new(1, "CREATE TABLE a (x INTEGER)");
    private static readonly Migration Second = new(2, "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 5");
    private string _directory = "";

    private string File => Path.Join(_directory, "test.db");

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("podsharp-db").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task Migrates_an_older_file_and_keeps_its_rows()
    {
        await using (var old = Database.Open(File, [First], mayFlush: true))
            await old.RunAsync(Durability.Power, database => database.Execute("INSERT INTO a VALUES (1)"));

        await using var migrated = Database.Open(File, [First, Second], mayFlush: true);

        var rows = await migrated.RunAsync(Durability.Process, database => database.Query(row => (row.GetInt32(0), row.GetInt32(1)), "SELECT x, y FROM a"));
        Assert.That(rows, Is.EqualTo(new[] { (1, 5) }));
    }

    [Test]
    public async Task Refuses_a_newer_file()
    {
        await Database.Open(File, [First, Second], mayFlush: true).DisposeAsync();

        var error = Assert.Throws<EngineException>(() => Database.Open(File, [First], mayFlush: true));

        Assert.That(error!.Kind, Is.EqualTo(ErrorKind.NotSupported));
        Assert.That(error.Message, Does.Contain("newer"));
    }

    [Test]
    public async Task Leaves_the_file_as_it_was_when_a_migration_fails()
    {
        await Database.Open(File, [First], mayFlush: true).DisposeAsync();

        Assert.Throws<EngineException>(() => Database.Open(File, [First, Second, new Migration(3, "nonsense")], mayFlush: true));

        await using var old = Database.Open(File, [First], mayFlush: true);
    }

    [Test]
    public async Task Undoes_failed_work_without_touching_its_neighbours()
    {
        await using var database = Database.Open(File, [First], mayFlush: true);
        var good = database.RunAsync(Durability.Power, one => one.Execute("INSERT INTO a VALUES (1)"));
        var bad = database.RunAsync(Durability.Power, one =>
        {
            one.Execute("INSERT INTO a VALUES (2)");
            throw EngineException.InvalidInput("no");
        });
        await good;

        await Assert.ThrowsAsync<EngineException>(() => bad);
        var rows = await database.RunAsync(Durability.Process, one => one.Query(row => row.GetInt32(0), "SELECT x FROM a"));
        Assert.That(rows, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public async Task Has_what_it_confirmed_when_its_file_is_copied_away_alive()
    {
        await using var database = Database.Open(File, [First], mayFlush: true);
        await database.RunAsync(Durability.Process, one => one.Execute("INSERT INTO a VALUES (7)"));
        var copy = Path.Join(_directory, "copy.db");
        System.IO.File.Copy(File, copy);
        System.IO.File.Copy(File + "-wal", copy + "-wal");

        // What a service killed at this moment leaves behind.
        await using var after = Database.Open(copy, [First], mayFlush: true);

        var rows = await after.RunAsync(Durability.Process, one => one.Query(row => row.GetInt32(0), "SELECT x FROM a"));
        Assert.That(rows, Is.EqualTo(new[] { 7 }));
    }
}
