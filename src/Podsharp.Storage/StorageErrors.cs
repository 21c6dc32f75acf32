using Podsharp.Core.Errors;
using Podsharp.Linux;

namespace Podsharp.Storage;

/// <summary>What the file system answers, in the engine's words.</summary>
internal static class StorageErrors
{
    private const int QuotaExceeded = 122;
    private const int NameTooLong = 36;
    private const int FileTooLarge = 27;

    /// <param name="what">The thing that failed, as the start of a sentence.</param>
    public static Exception Translate(Exception error, string what) => error switch
    {
        EngineException or OperationCanceledException => error,
        SystemCallException call => Translate(call.ErrorNumber, call, what),
        // The framework keeps errno in the low half of HResult for errors it has no class for.
        IOException io when (io.HResult & 0xffff) is ErrorNumber.NoSpace or QuotaExceeded => Translate(io.HResult & 0xffff, io, what),
        InvalidDataException => EngineException.InvalidInput($"{what}: {error.Message}"),
        _ => EngineException.Internal($"{what}: {error.Message}", error),
    };

    private static EngineException Translate(int number, Exception error, string what) => number switch
    {
        ErrorNumber.NoSpace => EngineException.Exhausted(
            $"{what}: no space left on device (disk blocks or inodes are used up): remove images, containers or volumes that are not needed, or enlarge the disk",
            error),
        QuotaExceeded => EngineException.Exhausted($"{what}: the disk quota is used up", error),
        FileTooLarge => EngineException.InvalidInput($"{what}: a file is larger than the file system allows ({error.Message})"),
        NameTooLong => EngineException.InvalidInput($"{what}: a file name is too long ({error.Message})"),
        ErrorNumber.Invalid when error.Message.StartsWith("chown", StringComparison.Ordinal) => EngineException.Internal(
            $"{what}: an owner is outside of the user namespace's ids ({error.Message}): give the user more ids in /etc/subuid and /etc/subgid", error),
        _ => EngineException.Internal($"{what}: {error.Message}", error),
    };
}
