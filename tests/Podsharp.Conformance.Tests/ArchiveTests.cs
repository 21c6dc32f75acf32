using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Podsharp.Conformance.Tests;

public sealed class ArchiveTests : SdkTest
{
    [Test]
    public async Task Tells_what_a_path_is()
    {
        var container = await CreateAsync("true");

        var stat = await Client.StatAsync(container, "/data/seed");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stat.Name, Is.EqualTo("seed"));
            Assert.That(stat.Size, Is.EqualTo("from the image\n".Length));
            Assert.That((int)stat.Mode & 0x1FF, Is.EqualTo(0x1A4));
            Assert.That(stat.LinkTarget, Is.Empty);
        }
    }

    [Test]
    public async Task Tells_where_a_link_leads()
    {
        var container = await CreateAsync("true");

        var stat = await Client.StatAsync(container, "/bin/sh");

        Assert.That(stat.LinkTarget, Is.EqualTo("/bin/busybox"));
    }

    [Test]
    public async Task Gets_a_directory_of_a_container_that_is_down()
    {
        var container = await CreateAsync("true");

        var (stat, tar) = await Client.GetAsync(container, "/data");

        Assert.That(stat.Name, Is.EqualTo("data"));
        Assert.That(await EntriesAsync(tar), Is.EqualTo(new[] { "data/", "data/seed: from the image\n" }));
    }

    [Test]
    public async Task Gets_a_file_of_a_running_container()
    {
        var container = await StartAsync("echo written >/tmp/made; touch /tmp/ready; sleep 1000");
        await ReadyAsync(container);

        var (_, tar) = await Client.GetAsync(container, "/tmp/made");

        Assert.That(await EntriesAsync(tar), Is.EqualTo(new[] { "made: written\n" }));
    }

    [Test]
    public async Task Puts_files_into_a_container_before_its_start()
    {
        var container = await CreateAsync("stat -c '%u %g %a' /etc/app/conf; cat /etc/app/conf");
        await Client.PutAsync(container, "/etc", Tar("app/conf", "told\n", owner: 1000));

        await Client.Containers.StartContainerAsync(container, new ContainerStartParameters());
        await Client.Containers.WaitContainerAsync(container);

        using var log = await Client.LogsAsync(container, false, new ContainerLogsParameters { ShowStdout = true });
        Assert.That((await ReadAsync(log)).Output, Is.EqualTo("1000 1000 600\ntold\n"));
    }

    [Test]
    public async Task Puts_files_into_a_running_container()
    {
        var container = await StartAsync("sleep 1000");

        await Client.PutAsync(container, "/tmp", Tar("note", "while it runs"));

        var (_, tar) = await Client.GetAsync(container, "/tmp/note");
        Assert.That(await EntriesAsync(tar), Is.EqualTo(new[] { "note: while it runs" }));
    }

    [Test]
    public async Task Unpacks_what_is_compressed()
    {
        var container = await CreateAsync("true");
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)) await Tar("note", "small").CopyToAsync(gzip);
        packed.Position = 0;

        await Client.PutAsync(container, "/tmp", packed);

        var (_, tar) = await Client.GetAsync(container, "/tmp/note");
        Assert.That(await EntriesAsync(tar), Is.EqualTo(new[] { "note: small" }));
    }

    [Test]
    public async Task A_missing_path_is_a_typed_error()
    {
        var container = await CreateAsync("true");

        Assert.That(() => Client.GetAsync(container, "/none"), Throws.InstanceOf<DockerApiException>().With.Property("StatusCode").EqualTo(global::System.Net.HttpStatusCode.NotFound));
        Assert.That(() => Client.StatAsync(container, "/none"), Throws.InstanceOf<DockerApiException>().With.Property("StatusCode").EqualTo(global::System.Net.HttpStatusCode.NotFound));
        Assert.That(() => Client.PutAsync(container, "/none", Tar("note", "lost")), Throws.InstanceOf<DockerApiException>().With.Property("StatusCode").EqualTo(global::System.Net.HttpStatusCode.NotFound));
    }

    // 500 of a dockerd, whose own document promises 400.
    [Test]
    public async Task A_file_is_no_place_to_unpack_in()
    {
        var container = await CreateAsync("true");

        Assert.That(() => Client.PutAsync(container, "/data/seed", Tar("note", "lost")), Throws.InstanceOf<DockerApiException>().With.Message.Contains("not a directory"));
    }

    [Test]
    public async Task Lists_changes_and_exports_them()
    {
        var container = await StartAsync("echo new >/tmp/new; rm /etc/notes");
        await Client.Containers.WaitContainerAsync(container);

        var changes = (await Client.Containers.InspectChangesAsync(container)).Select(change => $"{(int)change.Kind} {change.Path}");
        await using var tar = await Client.Containers.ExportContainerAsync(container);
        var exported = await EntriesAsync(tar);

        Assert.That(changes, Is.SupersetOf(new[] { "0 /tmp", "1 /tmp/new", "2 /etc/notes" }));
        Assert.That(exported, Does.Contain("tmp/new: new\n"));
        Assert.That(exported, Has.None.StartsWith("etc/notes"));
    }

    private async Task ReadyAsync(string container)
    {
        await Eventually.SettleAsync(
            async () =>
            {
                try
                {
                    return (await Client.StatAsync(container, "/tmp/ready")).Name;
                }
                catch (DockerApiException)
                {
                    return "";
                }
            },
            name => name.Length > 0);
    }

    private static MemoryStream Tar(string name, string content, int owner = 0)
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                Uid = owner,
                Gid = owner,
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
            });
        }

        tar.Position = 0;
        return tar;
    }

    private static async Task<List<string>> EntriesAsync(Stream tar)
    {
        var entries = new List<string>();
        // The framework reads some headers by blocking calls, which an SDK's stream refuses.
        using var whole = new MemoryStream();
        await tar.CopyToAsync(whole);
        whole.Position = 0;
        await using var reader = new TarReader(whole);
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry)
        {
            var content = entry.DataStream is { } data ? await new StreamReader(data).ReadToEndAsync() : null;
            entries.Add(content is null ? entry.Name : $"{entry.Name}: {content}");
        }

        return entries;
    }
}
