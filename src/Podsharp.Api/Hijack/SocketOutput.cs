using System.Net.Sockets;

namespace Podsharp.Api.Hijack;

/// <summary>Writes to a socket that someone else owns and reads. (NetworkStream refuses a socket whose peer has half-closed.)</summary>
internal sealed class SocketOutput(Socket socket) : WriteOnlyStream
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (!buffer.IsEmpty) buffer = buffer[await socket.SendAsync(buffer, SocketFlags.None, cancellationToken)..];
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            throw new IOException("The client has gone.", failure);
        }
    }
}
