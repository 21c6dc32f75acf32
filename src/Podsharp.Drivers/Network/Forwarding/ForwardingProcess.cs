using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Namespaces;
using Podsharp.Linux.Self;

namespace Podsharp.Drivers.Network.Forwarding;

/// <summary>
/// The process that takes the traffic of a container's published ports to it, where no firewall can be told to: it listens in the network that it is
/// started in and connects in the container's. It outlives the service, and ends when it is told to.
/// </summary>
public static class ForwardingProcess
{
    /// <summary>First word of its command line, before the paths of the container's network namespace and of the file for its pid, and the ports.</summary>
    public const string Verb = "forward";

    private const int Backlog = 4096, SocketLevel = 1, ReuseAddress = 2;

    /// <summary>Returns where it could not begin, with the reason on stderr.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        try
        {
            using var space = new NamespaceWorker(arguments[0]);
            await File.WriteAllTextAsync(arguments[1], Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            var container = new ContainerSockets(space);
            var running = arguments.Skip(2).Select(ForwardedPort.Parse).Select(port => Open(port, container)).OfType<Func<Task>>().ToList().ConvertAll(static run => run());
            running.Add(space.Ended);
            // There is one such process for each container.
            ProgramText.Release();
            TellReady();
            await await Task.WhenAny(running);
            return 0;
        }
        catch (Exception failure) when (failure is SocketException or IOException or FormatException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    // Fails where the service has died meanwhile, who alone could tell this process to end. (The console would not.)
    private static void TellReady()
    {
        using var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        output.Write("ready\n"u8);
    }

    /// <returns>null: this kernel has no IPv6.</returns>
    private static Func<Task>? Open(ForwardedPort port, ContainerSockets container)
    {
        var isStream = port.Protocol == "tcp";
        if (port.Host.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6) return null;
        var socket = new Socket(port.Host.AddressFamily, isStream ? SocketType.Stream : SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            if (port.Host.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            // Old connections, for a minute in TIME_WAIT, must not keep the next container from the port (socket(7), SO_REUSEADDR).
            if (isStream) socket.SetRawSocketOption(SocketLevel, ReuseAddress, BitConverter.GetBytes(1));
            socket.Bind(port.Host);
            if (!isStream) return new DatagramForwarding(socket, container, port.Container).RunAsync;
            socket.Listen(Backlog);
            return new StreamForwarding(socket, container, port.Container).RunAsync;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException($"{port.Host}: {failure.Message}", failure);
        }
    }
}
