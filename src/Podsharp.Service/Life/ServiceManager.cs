using System.Net.Sockets;
using System.Text;

namespace Podsharp.Service.Life;

/// <summary>sd_notify(3): tells systemd how we are, where it asked for that.</summary>
internal sealed class ServiceManager
{
    private readonly string? _address = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");

    public ServiceManager()
    {
        // Children are not to speak for us.
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        Environment.SetEnvironmentVariable("INVOCATION_ID", null);
    }

    public void Ready() => Send($"READY=1\nMAINPID={Environment.ProcessId}");

    public void Stopping() => Send("STOPPING=1");

    private void Send(string state)
    {
        if (_address is null or "") return;
        // A leading @ stands for the abstract namespace.
        var path = _address[0] == '@' ? "\0" + _address[1..] : _address;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            // Nobody listens: then nobody waits for it.
        }
    }
}
