using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Podsharp.Drivers.Tests.Logs;

/// <summary>A journald with sockets and files of its own, which nothing else on the machine sees.</summary>
internal sealed class PrivateJournal : IDisposable
{
    public const string Program = "/lib/systemd/systemd-journald";

    private readonly Process _process;

    public PrivateJournal(string directory)
    {
        Files = Directory.CreateDirectory(Path.Join(directory, "log")).FullName;
        Sockets = Directory.CreateDirectory(Path.Join(directory, "run")).FullName;
        var start = new ProcessStartInfo(Program, ["podsharp-test"]) { Environment = { ["LOGS_DIRECTORY"] = Files, ["RUNTIME_DIRECTORY"] = Sockets } };
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        // The last one that it makes.
        if (!SpinWait.SpinUntil(() => File.Exists(Path.Join(Sockets, "io.systemd.journal")) && Directory.EnumerateFiles(Files).Any(), TimeSpan.FromSeconds(20)))
            throw new TimeoutException("journald does not come up");
    }

    public string Files { get; }

    public string Sockets { get; }

    /// <summary>An entry in journald's own protocol, in which a value may hold newlines: NAME, newline, its length in 8 bytes, the value, newline.</summary>
    public void Send(params (string Name, string Value)[] fields)
    {
        var datagram = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            datagram.Write([.. Encoding.UTF8.GetBytes(name), (byte)'\n', .. BitConverter.GetBytes((long)bytes.Length), .. bytes, (byte)'\n']);
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(datagram.ToArray(), new UnixDomainSocketEndPoint(Path.Join(Sockets, "socket")));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
