using System.Text;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Files;

namespace Podsharp.Storage.Roots;

internal sealed class RootedFiles : IRootedFiles
{
    private const int LoopOfLinks = 40;

    public string? ReadText(string root, string path, int maximum)
    {
        using var directory = DirectoryHandle.Open(root);
        // Non-blocking: a named pipe with that name must not hold the service.
        using var file = directory.TryOpenFile(path, FileFlags.ReadOnly | FileFlags.NonBlocking, 0, PathResolution.InRoot, out var error);
        if (file is null)
            return error is ErrorNumber.NoEntry or ErrorNumber.NotDirectory or LoopOfLinks or ErrorNumber.NoDeviceOrAddress
                ? null
                : throw Refused(new SystemCallException($"open {path}", error));
        var status = FileHandles.Status(file);
        if (status.Kind != FileKind.Regular) return null;
        if (status.Size > maximum) throw EngineException.InvalidInput($"{path} in the container's root is longer than {maximum} bytes");
        var content = new byte[(int)status.Size];
        var length = 0;
        while (length < content.Length && RandomAccess.Read(file, content.AsSpan(length), length) is > 0 and var read) length += read;
        return Encoding.UTF8.GetString(content, 0, length);
    }

    public bool DirectoryExists(string root, string path) => KindOf(root, path) == PathKind.Directory;

    public PathKind KindOf(string root, string path)
    {
        using var directory = DirectoryHandle.Open(root);
        using var file = directory.TryOpenFile(path, FileFlags.PathOnly, 0, PathResolution.InRoot, out _);
        return file is null ? PathKind.None : FileHandles.Status(file).Kind switch
        {
            FileKind.Regular => PathKind.File,
            FileKind.Directory => PathKind.Directory,
            _ => PathKind.Other,
        };
    }

    public int? DirectoryMode(string root, string path)
    {
        using var top = DirectoryHandle.Open(root);
        using var file = top.TryOpenFile(path, FileFlags.PathOnly, 0, PathResolution.InRoot, out _);
        return file is not null && FileHandles.Status(file) is { Kind: FileKind.Directory } status ? status.Mode : null;
    }

    public void MakeDirectory(string root, string path, uint userId, uint groupId, int mode)
    {
        using var top = DirectoryHandle.Open(root);
        try
        {
            MakeDirectories(top, path, userId, groupId, mode).Dispose();
        }
        catch (SystemCallException e)
        {
            throw Refused(e);
        }
    }

    public void MakeFile(string root, string path)
    {
        using var top = DirectoryHandle.Open(root);
        using (var present = top.TryOpenFile(path, FileFlags.PathOnly, 0, PathResolution.InRoot, out _))
        {
            if (present is not null) return;
        }

        try
        {
            using var parent = MakeParent(top, path, out var name);
            // A dangling link of that name is in the way: its target is made, still inside of the root.
            if (parent.Status(name)?.Kind == FileKind.SymbolicLink)
                top.OpenFile(path, FileFlags.WriteOnly | FileFlags.Create, 0b110_100_100).Dispose();
            else if (!parent.MakeNode(name, FileKind.Regular, 0b110_100_100)) return;
            else parent.ChangeMode(name, 0b110_100_100);
        }
        catch (SystemCallException e)
        {
            throw Refused(e);
        }
    }

    public void MakeSymbolicLink(string root, string path, string target)
    {
        using var top = DirectoryHandle.Open(root);
        try
        {
            using var parent = MakeParent(top, path, out var name);
            parent.MakeSymbolicLink(name, target);
        }
        catch (SystemCallException e)
        {
            throw Refused(e);
        }
    }

    private static DirectoryHandle MakeParent(DirectoryHandle top, string path, out string name)
    {
        var slash = path.TrimEnd('/').LastIndexOf('/');
        name = path.TrimEnd('/')[(slash + 1)..];
        return MakeDirectories(top, slash < 0 ? "" : path[..slash], 0, 0, 0b111_101_101);
    }

    /// <summary>Opens the directory, making what is missing of it one part at a time.</summary>
    internal static DirectoryHandle MakeDirectories(DirectoryHandle top, string path, uint userId, uint groupId, int mode)
    {
        if (top.TryOpenDirectory(path, PathResolution.InRoot, out _) is { } present) return present;
        var at = top.OpenDirectory("");
        var walked = "";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            walked = part == ".." ? Parent(walked) : $"{walked}/{part}";
            // From the top each time: a link in the middle may lead anywhere within the root.
            var next = top.TryOpenDirectory(walked, PathResolution.InRoot, out var error);
            if (next is null && error != ErrorNumber.NoEntry)
            {
                at.Dispose();
                throw error == ErrorNumber.NotDirectory
                    ? EngineException.InvalidInput($"\"{walked}\" in the container's root is not a directory")
                    : new SystemCallException($"open {walked}", error);
            }

            if (next is null)
            {
                using (at)
                {
                    if (!at.MakeDirectory(part, mode) && at.Status(part)?.Kind == FileKind.SymbolicLink)
                        throw EngineException.InvalidInput($"\"{walked}\" in the container's root is a symbolic link to nothing");
                    next = at.OpenDirectory(part, PathResolution.NoSymbolicLinks);
                }

                next.ChangeOwner("", userId, groupId);
                next.ChangeMode(mode);
            }
            else
            {
                at.Dispose();
            }

            at = next;
        }

        return at;
    }

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";

    private static Exception Refused(SystemCallException error) => error.ErrorNumber is ErrorNumber.NotDirectory or LoopOfLinks
        ? EngineException.InvalidInput($"the path leads to something else in the container's root: {error.Message}")
        : StorageErrors.Translate(error, "the container's root");
}
