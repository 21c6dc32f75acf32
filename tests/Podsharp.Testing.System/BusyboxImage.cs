using System.Diagnostics;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Podsharp.Testing.System;

/// <summary>
/// A small image made from the host's static busybox, as a docker-archive: applets as symbolic links, a user "app" (1000) in the group "extra" (2000),
/// /data with a file of app's for copy-up, /etc/notes which nobody may execute, a web root /www.
/// </summary>
public static class BusyboxImage
{
    public const string Name = "podsharp-test-busybox:latest";

    private static readonly Lazy<Task<string>> Archive = new(BuildAsync);

    /// <returns>Path of the archive, built once in a process.</returns>
    public static Task<string> ArchiveAsync() => Archive.Value;

    private static async Task<string> BuildAsync()
    {
        var path = Path.Join(Path.GetTempPath(), $"podsharp-test-busybox-{Environment.ProcessId}.tar");
        using var layer = new MemoryStream();
        await WriteLayerAsync(layer);
        var file = File.Create(path);
        await using (file) await WriteDockerArchiveAsync(file, Name, layer.ToArray());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        return path;
    }

    /// <summary>Writes a docker-archive of one layer.</summary>
    public static async Task WriteDockerArchiveAsync(Stream target, string name, byte[] layer)
    {
        var configuration = new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["created"] = "2024-01-01T00:00:00Z",
            ["config"] = new JsonObject
            {
                ["Env"] = new JsonArray("PATH=/bin:/sbin:/usr/bin:/usr/sbin", "FROM_IMAGE=yes"),
                ["Cmd"] = new JsonArray("sh"),
                ["Labels"] = new JsonObject { ["podsharp.test"] = "image" },
            },
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray("sha256:" + Convert.ToHexStringLower(SHA256.HashData(layer))),
            },
            ["history"] = new JsonArray(new JsonObject { ["created"] = "2024-01-01T00:00:00Z", ["created_by"] = "podsharp tests" }),
        };
        var bytes = Encoding.UTF8.GetBytes(configuration.ToJsonString());
        var configurationName = Convert.ToHexStringLower(SHA256.HashData(bytes)) + ".json";
        var manifest = new JsonArray(new JsonObject
        {
            ["Config"] = configurationName,
            ["RepoTags"] = new JsonArray(name),
            ["Layers"] = new JsonArray("layer.tar"),
        });
        await using var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        Add(tar, configurationName, bytes);
        Add(tar, "layer.tar", layer);
        Add(tar, "manifest.json", Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    public static async Task WriteLayerAsync(Stream target)
    {
        await using var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var name in (string[])["bin", "dev", "etc", "home", "home/app", "proc", "root", "run", "sbin", "sys", "tmp", "usr", "usr/bin", "usr/sbin", "var", "www"])
            AddDirectory(tar, name, name == "tmp" ? 0x3FF : 0x1ED, name == "home/app" ? 1000 : 0);
        var busybox = await File.ReadAllBytesAsync("/bin/busybox");
        Add(tar, "bin/busybox", busybox, 0x1ED);
        var start = new ProcessStartInfo("/bin/busybox", "--list-full") { RedirectStandardOutput = true };
        using var list = Process.Start(start)!;
        var applets = (await list.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var applet in applets.Where(applet => applet.Contains('/') && applet != "bin/busybox"))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, applet) { LinkName = "/bin/busybox" });
        Add(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"u8.ToArray());
        Add(tar, "etc/group", "root:x:0:\napp:x:1000:\nextra:x:2000:app\nnogroup:x:65534:\n"u8.ToArray());
        Add(tar, "etc/notes", "not a program\n"u8.ToArray());
        Add(tar, "www/index.html", "served\n"u8.ToArray());
        AddDirectory(tar, "data", 0x1ED, 1000);
        Add(tar, "data/seed", "from the image\n"u8.ToArray(), owner: 1000);
    }

    private static void AddDirectory(TarWriter tar, string name, int mode, int owner) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, name) { Mode = (UnixFileMode)mode, Uid = owner, Gid = owner });

    private static void Add(TarWriter tar, string name, byte[] content, int mode = 0x1A4, int owner = 0) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = (UnixFileMode)mode,
            Uid = owner,
            Gid = owner,
            DataStream = new MemoryStream(content),
        });
}
