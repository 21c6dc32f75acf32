using Microsoft.Data.Sqlite;
using Podsharp.Core.Errors;

namespace Podsharp.Storage.Databases;

/// <summary>SQLite's result codes (sqlite.org/rescode.html) in the engine's words.</summary>
internal static class DatabaseErrors
{
    public const int InputOutput = 10;
    public const int Full = 13;
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NotDatabase = 26;

    public static EngineException Translate(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        Full => EngineException.Exhausted($"no space left for {path}: free some disk space or inodes and try again", error),
        Corrupt or NotDatabase => EngineException.Internal($"{path} is damaged ({error.Message}): restore it from a backup or move it away", error),
        Busy => EngineException.Internal($"{path} is in use by another program ({error.Message})", error),
        ReadOnly or CannotOpen => EngineException.Internal($"{path} cannot be written: check the directory's owner, mode and mount", error),
        _ => EngineException.Internal($"{path}: {error.Message}", error),
    };
}
