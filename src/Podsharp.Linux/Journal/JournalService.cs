using System.Net.Sockets;

namespace Podsharp.Linux.Journal;

/// <summary>systemd-journald, which writes the journal.</summary>
/// <param name="directory">Where its sockets are.</param>
public sealed class JournalService(string directory = "/run/systemd/journal")
{
    private const int LongestWait = 2000;

    /// <summary>Whether what programs send it is taken by anybody: without it their words are lost in silence.</summary>
    public bool Exists => File.Exists(Path.Join(directory, "socket"));

    /// <summary>
    /// Returns when all that was sent before is in the journal. Only root may ask for it: for others, and when it takes more than two seconds, returns without
    /// knowing.
    /// </summary>
    public void Synchronize()
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = LongestWait, SendTimeout = LongestWait };
            socket.Connect(new UnixDomainSocketEndPoint(Path.Join(directory, "io.systemd.journal")));
            socket.Send("{\"method\":\"io.systemd.Journal.Synchronize\"}\0"u8);
            var reply = new byte[256];
            while (socket.Receive(reply) is > 0 and var count && !reply.AsSpan(0, count).Contains((byte)0))
            {
                // The reply ends with a zero.
            }
        }
        catch (SocketException)
        {
            // Not allowed, not there, or slow.
        }
    }
}
