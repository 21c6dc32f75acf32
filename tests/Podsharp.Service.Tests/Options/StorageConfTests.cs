using Podsharp.Core.Errors;

namespace Podsharp.Service.Tests.Options;

public sealed class StorageConfTests
{
    private readonly ConfigurationFiles _files = new();

    [TearDown]
    public void Restore() => _files.Dispose();

    [TestCase("")]
    [TestCase("overlay")]
    [TestCase("overlay2")]
    public void The_overlay_driver_is_fine(string driver)
    {
        _files.Name("CONTAINERS_STORAGE_CONF", $"[storage]\ndriver = \"{driver}\"\ngraphroot = \"/elsewhere\"\n[storage.options.overlay]\nmountopt = \"nodev\"");

        Assert.That(ConfigurationFiles.Read().Notices, Is.Empty);
    }

    [Test]
    public void Another_driver_is_a_fault_that_names_file_and_key()
    {
        var file = _files.Name("CONTAINERS_STORAGE_CONF", "[storage]\ndriver = \"vfs\"");

        Assert.That(() => ConfigurationFiles.Read(), Throws.TypeOf<EngineException>().With.Message.Contains($"{file}: storage.driver: \"vfs\""));
    }

    [Test]
    public void Drivers_to_choose_from_must_hold_overlay()
    {
        _files.Name("CONTAINERS_STORAGE_CONF", "[storage]\ndriver_priority = [\"btrfs\", \"zfs\"]");

        Assert.That(() => ConfigurationFiles.Read(), Throws.TypeOf<EngineException>().With.Message.Contains("storage.driver_priority"));
    }

    [TestCase("[storage.options.overlay]\nmount_program = \"/usr/bin/fuse-overlayfs\"", "storage.options.overlay.mount_program")]
    [TestCase("[storage.options]\nadditionalimagestores = [\"/images\"]", "storage.options.additionalimagestores")]
    [TestCase("[storage]\ntransient_store = true", "storage.transient_store")]
    public void What_has_no_effect_is_told(string content, string key)
    {
        var file = _files.Name("CONTAINERS_STORAGE_CONF", content);

        Assert.That(ConfigurationFiles.Read().Notices.Single(), Does.StartWith($"{file}: {key} has no effect"));
    }

    [TestCase("[storage]\ntransient_store = false")]
    [TestCase("[storage.options]\nadditionalimagestores = []")]
    [TestCase("[storage.options.overlay]\nignore_chown_errors = \"false\"")]
    public void What_is_switched_off_is_not_told(string content)
    {
        _files.Name("CONTAINERS_STORAGE_CONF", content);

        Assert.That(ConfigurationFiles.Read().Notices, Is.Empty);
    }

    [Test]
    public void A_named_file_that_is_not_there_is_a_fault()
    {
        Environment.SetEnvironmentVariable("CONTAINERS_STORAGE_CONF", "/nowhere/storage.conf");

        Assert.That(() => ConfigurationFiles.Read(), Throws.TypeOf<EngineException>().With.Message.Contains("/nowhere/storage.conf"));
    }
}
