using System.Diagnostics;
using System.Text;
using Podsharp.Drivers.Signatures;

namespace Podsharp.Drivers.Tests.Signatures;

/// <summary>gpgv, with keys that gpg makes in a home directory of the test's own.</summary>
[CancelAfter(120_000)]
public sealed class GpgvTests
{
    private readonly Gpgv _gpgv = new();
    private string _home = "";

    [OneTimeSetUp]
    public async Task MakeKeysAsync()
    {
        if (!File.Exists("/usr/bin/gpg") || !File.Exists("/usr/bin/gpgv")) Assert.Ignore("gpg or gpgv is not installed");
        _home = Directory.CreateTempSubdirectory("ps-gpg-").FullName;
        await MakeKeyAsync("me@example.com", "never");
        await MakeKeyAsync("other@example.com", "never");
        // Made long ago, with a life of a day.
        await GpgAsync("", "--faked-system-time", "20200101T000000", "--passphrase", "", "--quick-gen-key", "old@example.com", "ed25519", "default", "1d");
    }

    [OneTimeTearDown]
    public async Task RemoveKeysAsync()
    {
        if (_home.Length == 0) return;
        using (var end = Process.Start(new ProcessStartInfo("gpgconf", ["--homedir", _home, "--kill", "all"]))!) await end.WaitForExitAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Test]
    public async Task What_a_key_has_signed_is_opened()
    {
        var outcome = await _gpgv.OpenAsync(await SignAsync("me@example.com", "the content"), [await KeyAsync("other@example.com"), await KeyAsync("me@example.com")], Token);
        Assert.That(outcome.Failure, Is.Empty);
        Assert.That(Encoding.UTF8.GetString(outcome.Content.Span), Is.EqualTo("the content"));
    }

    [Test]
    public async Task A_signature_by_another_key_is_refused()
    {
        var outcome = await _gpgv.OpenAsync(await SignAsync("me@example.com", "x"), [await KeyAsync("other@example.com")], Token);
        Assert.That(outcome.Failure, Does.Contain("none of those wanted"));
        Assert.That(outcome.Content.Length, Is.Zero);
    }

    [Test]
    public async Task A_message_changed_on_the_way_is_refused()
    {
        var message = await SignAsync("me@example.com", "the content", "--compress-algo", "none");
        message[Encoding.Latin1.GetString(message).IndexOf("content", StringComparison.Ordinal)]++;
        Assert.That((await _gpgv.OpenAsync(message, [await KeyAsync("me@example.com")], Token)).Failure, Does.Contain("changed"));
    }

    [Test]
    public async Task A_key_that_has_expired_is_refused()
    {
        var message = await SignAsync("old@example.com", "x", "--faked-system-time", "20200101T010000");
        Assert.That((await _gpgv.OpenAsync(message, [await KeyAsync("old@example.com")], Token)).Failure, Does.Contain("expired"));
    }

    [TestCase("none", "")]
    [TestCase("zip", "one")]
    public async Task Nothing_comes_of_a_text_that_was_joined_to_a_signed_one(string compression, string expected)
    {
        var signed = await SignAsync("me@example.com", "one", "--compress-algo", compression);
        var unsigned = await GpgAsync("evil", "--compress-algo", compression, "--store");
        IReadOnlyList<ReadOnlyMemory<byte>> keys = [await KeyAsync("me@example.com")];

        var after = await _gpgv.OpenAsync((byte[])[.. signed, .. unsigned], keys, Token);
        var before = await _gpgv.OpenAsync((byte[])[.. unsigned, .. signed], keys, Token);

        Assert.That(Encoding.UTF8.GetString(after.Content.Span), Is.EqualTo(expected));
        Assert.That(before.IsProven, Is.False);
    }

    [TestCase("")]
    [TestCase("nonsense")]
    public async Task What_is_no_message_is_refused(string text) =>
        Assert.That((await _gpgv.OpenAsync(Encoding.UTF8.GetBytes(text), [await KeyAsync("me@example.com")], Token)).IsProven, Is.False);

    [Test]
    public async Task A_keyring_without_keys_lets_nothing_in() =>
        Assert.That((await _gpgv.OpenAsync(await SignAsync("me@example.com", "x"), ["nonsense"u8.ToArray()], Token)).IsProven, Is.False);

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    private Task MakeKeyAsync(string name, string life) => GpgAsync("", "--passphrase", "", "--quick-gen-key", name, "ed25519", "default", life);

    private async Task<byte[]> KeyAsync(string name) => await GpgAsync("", "--export", name);

    private async Task<byte[]> SignAsync(string name, string content, params string[] options) => await GpgAsync(content, [.. options, "-u", name, "--sign"]);

    private async Task<byte[]> GpgAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("gpg", ["--homedir", _home, "--batch", "--quiet", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var gpg = Process.Start(start)!;
        await gpg.StandardInput.WriteAsync(input);
        gpg.StandardInput.Close();
        using var output = new MemoryStream();
        await gpg.StandardOutput.BaseStream.CopyToAsync(output, Token);
        await gpg.WaitForExitAsync(Token);
        Assert.That(gpg.ExitCode, Is.Zero, string.Join(' ', arguments));
        return output.ToArray();
    }
}
