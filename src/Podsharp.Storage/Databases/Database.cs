using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Podsharp.Core.Errors;

namespace Podsharp.Storage.Databases;

/// <summary>How long a change must last when its write returns.</summary>
internal enum Durability
{
    /// <summary>Survives the service's death; a power cut may take it. No fsync.</summary>
    Process,

    /// <summary>Survives a power cut.</summary>
    Power,
}

/// <summary>
/// One SQLite file with one connection, used by one thread of its own. What is written at the same time shares a transaction,
/// and so one fsync; callers wait for theirs without holding a thread.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly SqliteConnection _connection;
    private readonly BlockingCollection<Work> _queue = new(new ConcurrentQueue<Work>());
    private readonly Thread _thread;
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private readonly bool _mayFlush;
    private bool _flushing;

    private Database(SqliteConnection connection, bool mayFlush)
    {
        (_connection, _mayFlush) = (connection, mayFlush);
        _thread = new Thread(Run, maxStackSize: 512 << 10) { IsBackground = true, Name = "database" };
        _thread.Start();
    }

    /// <param name="mayFlush">False for a file on a tmpfs, where an fsync says nothing.</param>
    public static Database Open(string path, IReadOnlyList<Migration> migrations, bool mayFlush)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            // Exclusive: the store's lock has one holder anyway, and WAL needs no shared memory file then.
            Execute(connection, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA busy_timeout=2000;");
            Execute(connection, mayFlush ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=OFF");
            Migrate(connection, path, migrations);
            return new Database(connection, mayFlush);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw DatabaseErrors.Translate(e, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs the work on the database's thread, in the order of the calls; its changes are all kept or none.</summary>
    public async Task<T> RunAsync<T>(Durability durability, Func<Database, T> work)
    {
        var pending = new Work<T>(durability, work);
        Enqueue(pending);
        return await pending.Completion.Task;
    }

    public Task RunAsync(Durability durability, Action<Database> work) =>
        RunAsync(durability, database =>
        {
            work(database);
            return true;
        });

    /// <summary>Only for work that runs on the database's thread.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    /// <summary>Only for work that runs on the database's thread. Reads each row by <paramref name="read"/>.</summary>
    public List<T> Query<T>(Func<SqliteDataReader, T> read, string sql, params ReadOnlySpan<object?> parameters)
    {
        var rows = new List<T>();
        using var reader = Prepare(sql, parameters).ExecuteReader();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        await Task.Run(_thread.Join);
        foreach (var command in _commands.Values) command.Dispose();
        await _connection.DisposeAsync();
        _queue.Dispose();
    }

    private static void Migrate(SqliteConnection connection, string path, IReadOnlyList<Migration> migrations)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "PRAGMA user_version";
        var version = (int)(long)read.ExecuteScalar()!;
        var newest = migrations[^1].Version;
        if (version > newest)
        {
            throw EngineException.NotSupported(
                $"{path} was written by a newer version (schema {version}, this one knows {newest}): install that version, or use another --root");
        }

        if (version == newest) return;
        using var transaction = connection.BeginTransaction();
        foreach (var migration in migrations.Where(migration => migration.Version > version))
            Execute(connection, migration.Statements, transaction);
        Execute(connection, $"PRAGMA user_version={newest}", transaction);
        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private void Enqueue(Work work)
    {
        try
        {
            _queue.Add(work);
        }
        catch (InvalidOperationException e)
        {
            throw new EngineException(ErrorKind.Unavailable, "the service is shutting down", innerException: e);
        }
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < parameters.Length; i++) command.Parameters.Add(new SqliteParameter($"${i + 1}", DBNull.Value));
            _commands.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++) command.Parameters[i].Value = parameters[i] ?? DBNull.Value;
        return command;
    }

    private void Run()
    {
        var batch = new List<Work>();
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < 256 && _queue.TryTake(out var next)) batch.Add(next);
            RunBatch(batch);
            batch.Clear();
        }
    }

    private void RunBatch(List<Work> batch)
    {
        try
        {
            Flush(batch.Exists(work => work.Durability == Durability.Power));
            Execute("BEGIN IMMEDIATE");
            foreach (var work in batch)
            {
                Execute("SAVEPOINT work");
                if (!work.TryRun(this)) Execute("ROLLBACK TO work");
                Execute("RELEASE work");
            }

            Execute("COMMIT");
        }
        catch (SqliteException e)
        {
            TryRollback();
            var error = DatabaseErrors.Translate(e, _connection.DataSource);
            foreach (var work in batch) work.Fail(error);
        }

        foreach (var work in batch) work.Complete();
    }

    private void Flush(bool wanted)
    {
        if (!_mayFlush || wanted == _flushing) return;
        Execute(wanted ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
        _flushing = wanted;
    }

    private void TryRollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself (full disk): there is no transaction any more.
        }
    }

    private abstract class Work(Durability durability)
    {
        public Durability Durability { get; } = durability;

        protected Exception? Error { get; private set; }

        public bool TryRun(Database database)
        {
            try
            {
                Run(database);
                return true;
            }
            catch (SqliteException e)
            {
                Error = DatabaseErrors.Translate(e, database._connection.DataSource);
                // A full disk ends the whole transaction, not just this part.
                if (e.SqliteErrorCode is DatabaseErrors.Full or DatabaseErrors.InputOutput) throw;
                return false;
            }
            catch (Exception e)
            {
                Error = e;
                return false;
            }
        }

        public void Fail(Exception error) => Error ??= error;

        public abstract void Complete();

        protected abstract void Run(Database database);
    }

    private sealed class Work<T>(Durability durability, Func<Database, T> work) : Work(durability)
    {
        private T? _result;

        public TaskCompletionSource<T> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Complete()
        {
            if (Error is null) Completion.SetResult(_result!);
            else Completion.SetException(Error);
        }

        protected override void Run(Database database) => _result = work(database);
    }
}
