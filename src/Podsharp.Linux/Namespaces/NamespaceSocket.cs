using System.Net.Sockets;

namespace Podsharp.Linux.Namespaces;

/// <summary>Sockets of another network namespace: one belongs to the namespace it was made in, whatever thread uses it.</summary>
public static class NamespaceSocket
{
    public static async Task<Socket> OpenDatagramAsync(string namespacePath)
    {
        using var space = File.OpenHandle(namespacePath);
        Socket? socket = null;
        await NamespaceThread.RunAsync(space, () => socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        return socket!;
    }
}
