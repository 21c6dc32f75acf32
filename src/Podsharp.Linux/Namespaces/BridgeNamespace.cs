using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Processes;

namespace Podsharp.Linux.Namespaces;

/// <summary>
/// The network namespace in which bridges are, with their firewall and name server: the one that this process is in, or one of its own below
/// a user namespace. Work in the latter is done on a thread that ends with it.
/// </summary>
/// <param name="path">Where it is bound; empty: the process's own.</param>
public sealed class BridgeNamespace(string path = "")
{
    private const string OfThisThread = "/proc/thread-self";

    /// <summary>Makes a command run in it.</summary>
    public Command Within(Command command)
    {
        if (path.Length == 0) return command;
        var enter = ExecutablePath.Find("nsenter") ?? throw new SystemCallException("nsenter, of util-linux", ErrorNumber.NoEntry);
        // It becomes the program itself, and no process more.
        return command with { Path = enter, Arguments = ["--net=" + path, "--", command.Path, .. command.Arguments] };
    }

    public IReadOnlyCollection<string> Interfaces() => [.. ReadLines("dev").Skip(2).Select(static line => line.Split(':')[0].Trim())];

    /// <summary>A file of /proc/net, line by line; empty where the kernel has no such file.</summary>
    public string[] ReadLines(string name) => Run(() =>
    {
        try
        {
            return File.ReadAllLines($"{OfThisThread}/net/{name}");
        }
        catch (IOException)
        {
            return [];
        }
    });

    /// <summary>Does some work that needs no other thread's. <see cref="SystemCallException"/>: it is not there any more.</summary>
    internal T Run<T>(Func<T> work)
    {
        if (path.Length == 0) return work();
        using var space = File.OpenHandle(path);
        T? result = default;
        NamespaceThread.RunAsync(space, () => result = work()).GetAwaiter().GetResult();
        return result!;
    }

    internal RouteSocket OpenRoutes() => Run(static () => new RouteSocket());

    internal NetlinkSocket OpenFirewall() => Run(static () => new NetlinkSocket(NetlinkSocket.Netfilter));

    /// <summary>A descriptor of it.</summary>
    internal SafeFileHandle Open() => File.OpenHandle(path.Length == 0 ? OfThisThread + "/ns/net" : path);
}
