using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Core.Images;
using Podsharp.Testing;

namespace Podsharp.Storage.Tests.Images;

public sealed class StoredImageTests
{
    [Test]
    public void An_image_written_before_there_were_layer_blobs_has_none()
    {
        var record = JsonSerializer.SerializeToNode(Samples.Image("old"), StoreJson.Default.Image)!.AsObject();
        record.Remove(nameof(Image.LayerBlobs));

        Assert.That(StoreJson.ReadImage(JsonSerializer.SerializeToUtf8Bytes<JsonNode>(record)).LayerBlobs, Is.Empty);
    }

    [Test]
    public void An_image_written_before_there_were_several_platforms_has_no_names_of_others()
    {
        var record = JsonSerializer.SerializeToNode(Samples.Image("old"), StoreJson.Default.Image)!.AsObject();
        record.Remove(nameof(Image.PlatformTags));

        Assert.That(StoreJson.ReadImage(JsonSerializer.SerializeToUtf8Bytes<JsonNode>(record)).AllTags(), Is.EqualTo(Samples.Image("old").Tags));
    }
}
