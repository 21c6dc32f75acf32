using System.Globalization;
using System.Net.Sockets;
using Podsharp.Core.Errors;
using Podsharp.Linux.Sockets;

namespace Podsharp.Service.Sockets;

/// <summary>
/// A unix socket that this service makes itself. It is bound under another name and renamed into place when its owner and mode are
/// right; it is taken away only while the path still leads to it, since somebody else's may stand there by then.
/// </summary>
internal sealed class OwnSocket
{
    private const string Group = "podsharp";
    private const int Backlog = 512;
    private readonly string _path;
    private readonly string _hidden;
    private readonly (ulong Device, ulong Inode)? _identity;

    private OwnSocket(string path, string hidden, Socket socket)
    {
        (_path, _hidden) = (path, hidden);
        _identity = SocketFile.Identity(path);
        EndPoint = new ListeningEndPoint(socket, $"unix://{path}");
    }

    public ListeningEndPoint EndPoint { get; }

    private bool IsOurs => SocketFile.Identity(_path) is { } found && found == _identity;

    /// <summary>Conflict when somebody listens there, or when something else is in the way.</summary>
    public static OwnSocket Listen(string path)
    {
        RefuseForeign(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var hidden = $"{path}.{Environment.ProcessId}";
        File.Delete(hidden);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(hidden));
            Protect(hidden);
            socket.Listen(Backlog);
            File.Move(hidden, path, overwrite: true);
            return new OwnSocket(path, hidden, socket);
        }
        catch (Exception failure) when (failure is IOException or SocketException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            throw EngineException.Internal($"cannot listen on {path}: {failure.Message}", failure);
        }
    }

    /// <summary>Takes the path away, so that nobody new comes; who has connected already waits in the backlog.</summary>
    public void Hide()
    {
        if (IsOurs) File.Move(_path, _hidden, overwrite: true);
    }

    public void Show()
    {
        if (File.Exists(_hidden) && !Path.Exists(_path)) File.Move(_hidden, _path);
    }

    public void Remove()
    {
        if (IsOurs) File.Delete(_path);
        File.Delete(_hidden);
    }

    private static void RefuseForeign(string path)
    {
        if (!Path.Exists(path)) return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionRefused && !File.GetAttributes(path).HasFlag(FileAttributes.Directory) && new FileInfo(path).Length == 0)
        {
            // What a dead service left behind: it may be replaced.
            return;
        }
        catch (SocketException failure)
        {
            throw EngineException.Conflict($"{path} is in the way ({failure.Message}): remove it, or choose another --socket");
        }

        throw EngineException.Conflict($"somebody listens on {path} already: stop that service, or choose another --socket");
    }

    private static void Protect(string path)
    {
        const UnixFileMode ownerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        if (GroupId() is { } group) SocketFile.GiveToGroup(path, group);
        File.SetUnixFileMode(path, ownerAndGroup);
    }

    private static uint? GroupId()
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/etc/group")) return null;
        var line = File.ReadLines("/etc/group").FirstOrDefault(line => line.StartsWith(Group + ":", StringComparison.Ordinal));
        return line?.Split(':') is [_, _, var id, ..] && uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
