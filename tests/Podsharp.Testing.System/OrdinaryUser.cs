namespace Podsharp.Testing.System;

/// <summary>
/// An ordinary user with subordinate ids whom only the processes started here know of: in a mount namespace of theirs, his are passwd(5), subuid(5)
/// and a /dev/net/tun that he may open, as on any usual machine.
/// </summary>
internal sealed class OrdinaryUser
{
    private const string Id = "4711";

    private const string Prepare =
        """
        set -e
        for file in passwd subuid subgid; do touch /etc/$file; mount --bind "$1/etc/$file" /etc/$file; done
        [ ! -e "$1/etc/tun" ] || mount --bind "$1/etc/tun" /dev/net/tun
        shift; cd /
        exec setpriv --reuid 4711 --regid 4711 --clear-groups --inh-caps -all "$@"
        """;

    private readonly string _directory;

    private OrdinaryUser(string directory, string binary) => (_directory, Binary) = (directory, binary);

    /// <summary>The service's, where the user may execute it.</summary>
    public string Binary { get; }

    private string RuntimeDirectory => Path.Join(_directory, "xdg");

    public static async Task<OrdinaryUser> MakeAsync(string directory, string binary)
    {
        var own = Path.Join(directory, "bin");
        foreach (var name in (string[])["etc", "bin", "home", "xdg", "root", "run"]) Directory.CreateDirectory(Path.Join(directory, name));
        await new Command("cp", ["--", .. Directory.GetFiles(Path.GetDirectoryName(binary)!, "*.so"), binary, own]).OutputAsync();
        await new Command("chmod", "-R", "a+rX", own).OutputAsync();
        var etc = Path.Join(directory, "etc");
        await File.WriteAllTextAsync(Path.Join(etc, "passwd"), $"root:x:0:0::/root:/bin/sh\npodsharp-test:x:{Id}:{Id}::{directory}/home:/bin/sh\n");
        await File.WriteAllTextAsync(Path.Join(etc, "subuid"), "podsharp-test:300000:65536\n");
        await File.WriteAllTextAsync(Path.Join(etc, "subgid"), "podsharp-test:300000:65536\n");
        if (File.Exists("/dev/net/tun")) await new Command("mknod", "-m", "666", Path.Join(etc, "tun"), "c", "10", "200").OutputAsync();
        await new Command("chown", Id + ":" + Id, directory, $"{directory}/home", $"{directory}/xdg", $"{directory}/root", $"{directory}/run").OutputAsync();
        await new Command("chmod", "700", $"{directory}/xdg").OutputAsync();
        return new OrdinaryUser(directory, Path.Join(own, Path.GetFileName(binary)));
    }

    /// <summary>The process that is started is the program in the end: its pid is that of the command.</summary>
    public IReadOnlyList<string> Command(params IReadOnlyList<string> command) =>
    [
        "unshare", "--mount", "--propagation", "private", "sh", "-c", Prepare, "sh", _directory,
        "env", "-i", $"HOME={_directory}/home", $"XDG_RUNTIME_DIR={RuntimeDirectory}", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        .. command,
    ];

    /// <summary>With the holder the namespaces end, and the mounts in them.</summary>
    public static async Task EndHolderAsync(string directory)
    {
        var file = Path.Join(directory, "xdg", "podsharp", "holder");
        if (!File.Exists(file)) return;
        var pid = (await File.ReadAllTextAsync(file)).Split(' ')[0];
        if ((await new Command("ps", "-o", "args=", "-p", pid).RunAsync()).Output.Trim().EndsWith("sleep infinity", StringComparison.Ordinal))
            await new Command("kill", "-KILL", pid).RunAsync();
    }
}
