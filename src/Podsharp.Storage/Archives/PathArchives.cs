using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Storage.Roots;
using Podsharp.Storage.Streams;

namespace Podsharp.Storage.Archives;

internal sealed class PathArchives : IPathArchives
{
    private const int LoopOfLinks = 40;
    private const int NameTooLong = 36;
    private const int ReadOnlyFileSystem = 30;
    private const int StartOfStream = 512;
    private const int NotPermitted = 1;
    private const int Busy = 16;
    private const int OtherFileSystem = 18;
    private const int IsDirectory = 21;

    /// <summary>Answers of the kernel to what an archive wants: a link to a directory, a device that overlay keeps for itself, a path through links in a ring.</summary>
    private static readonly int[] ArchivesFault =
        [NotPermitted, Busy, ErrorNumber.Exists, OtherFileSystem, ErrorNumber.NotDirectory, IsDirectory, ErrorNumber.Invalid, LoopOfLinks, NameTooLong];


    public PathFacts? Look(string root, string path)
    {
        using var top = DirectoryHandle.Open(root);
        var clean = RootedPath.Clean(path);
        using var found = Open(top, clean);
        if (found is null) return null;
        var status = FileHandles.Status(found);
        return new PathFacts(
            clean, FormOf(status.Kind), status.Mode, status.Size, status.Modified.Seconds, status.Modified.Nanoseconds, RootedPath.Follow(top, clean));
    }

    public IOutgoingArchive Open(string root, PathFacts facts, IReadOnlyCollection<string> mounts) =>
        new PathArchive(DirectoryHandle.Open(root), facts, mounts);

    public Task ExtractAsync(string root, PathFacts directory, Stream tar, ExtractionRules rules, CancellationToken cancellationToken) =>
        ReadingThread.RunAsync(
            tar,
            "the archive is damaged",
            feed =>
            {
                try
                {
                    using var top = DirectoryHandle.Open(root);
                    using var extractor = new PathExtractor(top, directory.Target, rules);
                    using var plain = Compression.Open(new PeekStream(feed, StartOfStream));
                    extractor.Extract(plain, cancellationToken);
                    return true;
                }
                catch (SystemCallException e) when (e.ErrorNumber == ReadOnlyFileSystem)
                {
                    throw new EngineException(ErrorKind.Forbidden, $"{directory.Path} cannot be written: read-only file system", innerException: e);
                }
                catch (SystemCallException e) when (ArchivesFault.Contains(e.ErrorNumber))
                {
                    throw EngineException.InvalidInput($"the archive cannot be unpacked in {directory.Path}: {e.Message}");
                }
                catch (Exception e) when (e is InvalidDataException or SystemCallException)
                {
                    throw StorageErrors.Translate(e, $"the archive cannot be unpacked in {directory.Path}");
                }
            },
            cancellationToken);

    private static Microsoft.Win32.SafeHandles.SafeFileHandle? Open(DirectoryHandle top, string path)
    {
        var follows = path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal);
        var found = top.TryOpenFile(path, FileFlags.PathOnly | (follows ? 0 : FileFlags.NoFollow), 0, PathResolution.InRoot, out var error);
        return error switch
        {
            0 => found,
            ErrorNumber.NoEntry => null,
            ErrorNumber.NotDirectory when !follows => null,
            ErrorNumber.NotDirectory => throw EngineException.InvalidInput($"lstat {path}: not a directory"),
            LoopOfLinks => throw EngineException.InvalidInput($"lstat {path}: too many levels of symbolic links"),
            NameTooLong => throw EngineException.InvalidInput($"lstat {path}: file name too long"),
            ErrorNumber.Invalid => throw EngineException.InvalidInput($"lstat {path}: invalid argument"),
            _ => throw StorageErrors.Translate(new SystemCallException($"open {path}", error), "the container's files"),
        };
    }

    private static PathForm FormOf(FileKind kind) => kind switch
    {
        FileKind.Directory => PathForm.Directory,
        FileKind.SymbolicLink => PathForm.SymbolicLink,
        FileKind.CharacterDevice => PathForm.CharacterDevice,
        FileKind.BlockDevice => PathForm.BlockDevice,
        FileKind.Pipe => PathForm.Pipe,
        FileKind.Socket => PathForm.Socket,
        _ => PathForm.File,
    };

    private sealed class PathArchive(DirectoryHandle top, PathFacts facts, IReadOnlyCollection<string> mounts) : IOutgoingArchive
    {
        public async Task WriteToAsync(Stream target, CancellationToken cancellationToken)
        {
            try
            {
                await AsyncDrain.RunAsync((tar, stop) => new PathTarWriter(tar, mounts, stop).Write(top, facts), target, cancellationToken);
            }
            catch (Exception e) when (e is InvalidDataException or SystemCallException)
            {
                throw StorageErrors.Translate(e, $"{facts.Path} cannot be copied");
            }
        }

        public ValueTask DisposeAsync()
        {
            top.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
