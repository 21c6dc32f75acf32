using System.Net.Sockets;
using System.Text;

namespace Podsharp.Testing.System;

/// <summary>A bus of its own, and on it somebody with firewalld's name who says what firewalld says.</summary>
public sealed class FakeFirewalld : IAsyncDisposable
{
    private const string Name = "org.fedoraproject.FirewallD1";
    private const byte MethodCall = 1, Signal = 4;
    private const byte Path = 1, Interface = 2, Member = 3, Destination = 6, Signature = 8;

    private readonly RunningCommand _daemon;
    private readonly string _socket;
    private Socket? _connection;
    private uint _serial;

    private FakeFirewalld(RunningCommand daemon, string socket) => (_daemon, _socket) = (daemon, socket);

    public string BusAddress => "unix:path=" + _socket;

    /// <summary>Reason why there can be none here; null: there can.</summary>
    public static string? Missing => File.Exists("/usr/bin/dbus-daemon") ? null : "dbus-daemon is not installed here: apt-get install dbus-daemon";

    public static async Task<FakeFirewalld> StartAsync()
    {
        var socket = global::System.IO.Path.Join(Directory.CreateTempSubdirectory("podsharp-bus-").FullName, "bus");
        var daemon = new Command("dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=unix:path=" + socket).Start();
        await Eventually.SettleAsync(() => Task.FromResult(File.Exists(socket)), there => there);
        return new FakeFirewalld(daemon, socket);
    }

    /// <summary>firewalld starts: its name appears on the bus.</summary>
    public async Task AppearAsync()
    {
        _connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await _connection.ConnectAsync(new UnixDomainSocketEndPoint(_socket));
        await SayAsync(Encoding.ASCII.GetBytes("\0AUTH EXTERNAL " + Convert.ToHexStringLower(Encoding.ASCII.GetBytes(OwnUserId())) + "\r\n"));
        await _connection.SendAsync("BEGIN\r\n"u8.ToArray());
        await SayAsync(Message(MethodCall, "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", "org.freedesktop.DBus", "", []));
        await SayAsync(Message(MethodCall, "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName", "org.freedesktop.DBus", "su", [.. Text(Name), .. Padding(Text(Name).Length, 4), 0, 0, 0, 0]));
    }

    /// <summary>firewall-cmd --reload.</summary>
    public async Task SayReloadedAsync() => await _connection!.SendAsync(Message(Signal, "/org/fedoraproject/FirewallD1", Name, "Reloaded", "", "", []));

    public async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        await new Command("kill", _daemon.Pid.ToString()).RunAsync();
        await _daemon.WaitAsync();
        await _daemon.DisposeAsync();
        Directory.Delete(global::System.IO.Path.GetDirectoryName(_socket)!, recursive: true);
    }

    private static string OwnUserId() => File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];

    private async Task SayAsync(byte[] bytes)
    {
        await _connection!.SendAsync(bytes);
        await _connection.ReceiveAsync(new byte[4096]);
    }

    // The D-Bus specification's message format: a fixed head, header fields, each a struct of code and variant, then the body.
    private byte[] Message(byte type, string path, string interfaceName, string member, string destination, string signature, byte[] body)
    {
        var fields = new List<byte>();
        Field(fields, Path, "o", Text(path));
        Field(fields, Interface, "s", Text(interfaceName));
        Field(fields, Member, "s", Text(member));
        if (destination.Length > 0) Field(fields, Destination, "s", Text(destination));
        if (signature.Length > 0) Field(fields, Signature, "g", ShortText(signature));
        byte[] head = [(byte)'l', type, 0, 1, .. BitConverter.GetBytes(body.Length), .. BitConverter.GetBytes(++_serial), .. BitConverter.GetBytes(fields.Count), .. fields];
        return [.. head, .. Padding(head.Length, 8), .. body];
    }

    private static void Field(List<byte> fields, byte code, string type, byte[] value)
    {
        fields.AddRange(Padding(fields.Count, 8));
        fields.Add(code);
        fields.AddRange(ShortText(type));
        fields.AddRange(Padding(fields.Count, type == "g" ? 1 : 4));
        fields.AddRange(value);
    }

    private static byte[] Text(string text) => [.. BitConverter.GetBytes(text.Length), .. Encoding.ASCII.GetBytes(text), 0];

    private static byte[] ShortText(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text), 0];

    private static byte[] Padding(int length, int alignment) => new byte[(alignment - length % alignment) % alignment];
}
