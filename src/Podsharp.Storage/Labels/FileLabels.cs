using Microsoft.Win32.SafeHandles;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Files;

namespace Podsharp.Storage.Labels;

/// <param name="attribute">The extended attribute that labels lie in.</param>
internal sealed class FileLabels(string attribute = ExtendedAttributes.Label) : IFileLabels
{
    private const int LoopOfLinks = 40;

    // A machine whose programs or accounts got a container's label would not work any more.
    private static readonly HashSet<string> Machine =
    [
        "/", "/bin", "/boot", "/dev", "/etc", "/etc/passwd", "/etc/pki", "/etc/shadow", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc", "/root",
        "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/sbin", "/usr/share", "/var", "/var/lib", "/var/log", "/var/run",
        "/var/tmp", Environment.GetEnvironmentVariable("HOME")?.TrimEnd('/') is { Length: > 0 } home ? home : "/root",
    ];

    public string? LabelOf(string path)
    {
        using var opened = Open(path);
        return Text(ExtendedAttributes.GetOpened(opened, attribute));
    }

    public Task RelabelAsync(string path, string label, CancellationToken cancellationToken) =>
        Task.Run(() => Relabel(path, label, cancellationToken), cancellationToken);

    private void Relabel(string path, string label, CancellationToken cancellationToken)
    {
        try
        {
            // Held by a descriptor: what is labelled is what was judged, whatever the path means by then.
            using var opened = Open(path);
            var place = FileHandles.CurrentPath(opened);
            if (Machine.Contains(place)) throw EngineException.Internal($"SELinux relabeling of {place} is not allowed");
            if (!Matches(ExtendedAttributes.GetOpened(opened, attribute), label))
                Set(value => ExtendedAttributes.SetOpened(opened, attribute, value), label);
            if (FileHandles.Status(opened).Kind != FileKind.Directory) return;
            using var top = DirectoryHandle.Open(FileHandles.ProcPath(opened));
            Walk(top, label, cancellationToken);
        }
        catch (SystemCallException error)
        {
            throw StorageErrors.Translate(error, $"SELinux relabeling of {path}");
        }
    }

    // By paths from the top and not directory in directory: a container may nest them deeper than a process has descriptors.
    private void Walk(DirectoryHandle top, string label, CancellationToken cancellationToken)
    {
        var directories = new Stack<string>([""]);
        while (directories.TryPop(out var path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var directory = top.TryOpenDirectory(path, PathResolution.NoSymbolicLinks, out var error);
            if (directory is null && IsGone(error)) continue;
            if (directory is null) throw new SystemCallException($"open {path}", error);
            foreach (var name in directory.List())
            {
                if (directory.Status(name) is not { } status) continue;
                RelabelEntry(directory, name, label);
                if (status.Kind == FileKind.Directory) directories.Push(path.Length == 0 ? name : $"{path}/{name}");
            }
        }
    }

    private void RelabelEntry(DirectoryHandle directory, string name, string label)
    {
        try
        {
            if (!Matches(ExtendedAttributes.Get(directory, name, attribute), label))
                Set(value => ExtendedAttributes.Set(directory, name, attribute, value), label);
        }
        catch (SystemCallException error) when (IsGone(error.ErrorNumber))
        {
            // Removed meanwhile.
        }
    }

    private static void Set(SetLabel set, string label)
    {
        try
        {
            set(System.Text.Encoding.UTF8.GetBytes(label));
        }
        catch (SystemCallException error) when (error.ErrorNumber == ExtendedAttributes.NotSupported)
        {
            // A file system without labels has the one it was mounted with.
        }
    }

    private static bool Matches(byte[]? present, string label) => Text(present) == label;

    // The kernel gives the zero at its end along.
    private static string? Text(byte[]? value) => value is null ? null : System.Text.Encoding.UTF8.GetString(value).TrimEnd('\0');

    private static bool IsGone(int error) => error is ErrorNumber.NoEntry or ErrorNumber.NotDirectory or LoopOfLinks;

    private static SafeFileHandle Open(string path) => FileHandles.Open(path, FileFlags.PathOnly);

    private delegate void SetLabel(ReadOnlySpan<byte> value);
}
