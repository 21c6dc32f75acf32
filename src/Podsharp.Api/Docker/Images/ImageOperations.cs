using Podsharp.Api.Specification;
using Podsharp.Wire.Docker.Images;
using Podsharp.Wire.Docker.Streams;

namespace Podsharp.Api.Docker.Images;

internal static class ImageOperations
{
    private const string Tar = "application/x-tar";

    private static readonly Parameter Platform = Parameter.Text("platform", "As in linux/amd64");
    private static readonly Parameter Platforms = Parameter.Several("platform", "Those that are meant; none: all");
    private static readonly Parameter Authentication = Parameter.Header("X-Registry-Auth", "Credentials: JSON in URL-safe base64");

    public static IReadOnlyList<Operation> All =>
    [
        new("GET", "/images/json", "ImageList", "List images")
        {
            Parameters =
            [
                Parameter.Flag("all", "Also those that only other images are made of"),
                Parameter.Filters("before", "dangling", "label", "reference", "since", "until"),
                Parameter.Flag("shared-size", "Tell what is shared with others", "1.42"),
                Parameter.Flag("digests"),
                Parameter.Flag("manifests", "Tell the manifests", "1.47"),
                Parameter.Flag("identity", "Refused: not supported", "1.54"),
            ],
            Replies = [Reply.Json<IReadOnlyList<ImageSummary>>("The images, newest first")],
            Errors = [400],
        },
        new("GET", "/images/get", "ImageGetAll", "Several images as one archive")
        {
            Parameters = [Parameter.Several("names", "Names or ids"), Platforms],
            Replies = [Reply.Bytes(Tar, "Docker archive and OCI layout in one")],
            Errors = [400, 404],
        },
        new("POST", "/images/load", "ImageLoad", "Bring the images of an archive in")
        {
            Parameters = [Parameter.Flag("quiet", "No progress"), Platforms],
            BodyMedia = Tar,
            Replies = [Reply.Lines<ProgressMessage>("What was loaded")],
            Errors = [400],
        },
        new("POST", "/images/create", "ImageCreate", "Pull an image, or make one of a tar")
        {
            Parameters =
            [
                Parameter.Text("fromImage", "What to pull"),
                Parameter.Text("fromSrc", "- for the body"),
                Parameter.Text("repo", "The name of what is made of a tar"),
                Parameter.Text("tag", "Tag or digest"),
                Parameter.Text("message", "Of what is made of a tar"),
                Parameter.Several("changes", "Instructions of a Dockerfile for what is made of a tar"),
                Platform,
                Authentication,
            ],
            BodyMedia = Tar,
            Replies = [Reply.Lines<ProgressMessage>("Progress; an error after the head is a line")],
            Errors = [400, 404],
        },
        new("POST", "/images/prune", "ImagePrune", "Remove images that are not used")
        {
            Parameters = [Parameter.Filters("dangling", "label", "label!", "until")],
            Replies = [Reply.Json<ImagePruneReply>("What was removed")],
            Errors = [400],
        },
        new("GET", "/images/{name...}/json", "ImageInspect", "One image in full")
        {
            Parameters = [Platform with { Since = "1.49" }, Parameter.Flag("manifests", "Tell the manifests", "1.48")],
            Replies = [Reply.Json<ImageInspectReply>("The image")],
            Errors = [404],
        },
        new("GET", "/images/{name...}/attestations", "ImageAttestations", "Refused: an image here carries none")
        {
            Parameters = [Parameter.Several("platform", "", "1.55"), Parameter.Several("type", "", "1.55"), Parameter.Flag("statement", "", "1.55")],
            Errors = [404, 501],
        },
        new("GET", "/images/{name...}/get", "ImageGet", "One image as an archive")
        {
            Parameters = [Platforms],
            Replies = [Reply.Bytes(Tar, "Docker archive and OCI layout in one")],
            Errors = [404],
        },
        new("GET", "/images/{name...}/history", "ImageHistory", "How an image came about")
        {
            Parameters = [Platform with { Since = "1.48" }],
            Replies = [Reply.Json<IReadOnlyList<ImageHistoryReply>>("The steps, newest first")],
            Errors = [404],
        },
        new("POST", "/images/{name...}/push", "ImagePush", "Send an image to its registry")
        {
            Parameters = [Parameter.Text("tag"), Platform with { Since = "1.46" }, Authentication],
            Replies = [Reply.Lines<ProgressMessage>("Progress; an error after the head is a line")],
            Errors = [400, 404],
        },
        new("POST", "/images/{name...}/tag", "ImageTag", "Give an image one more name")
        {
            Parameters = [Parameter.Text("repo").Needed(), Parameter.Text("tag")],
            Replies = [Reply.Empty(201, "It has that name")],
            Errors = [400, 404, 409],
        },
        new("DELETE", "/images/{name...}", "ImageDelete", "Take a name from an image; the last one takes the image with it")
        {
            Parameters =
            [
                Parameter.Flag("force", "Also where a container that does not run has it"),
                Parameter.Flag("noprune", "Leave untagged parents"),
                Parameter.Several("platforms", "Refused: not supported", "1.50"),
            ],
            Replies = [Reply.Json<IReadOnlyList<ImageDeleteReply>>("What was untagged and deleted")],
            Errors = [400, 404, 409],
        },
    ];
}
