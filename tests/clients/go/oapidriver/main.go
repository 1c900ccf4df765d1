// Uses the API through the client of oapi-codegen.
package main

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tintero.example/clients/oapi"
)

func check(is bool, what ...any) {
	if !is {
		fmt.Fprintln(os.Stderr, what...)
		os.Exit(1)
	}
}

func main() {
	url, email, password, picture := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	ctx := context.Background()
	anonymous, err := oapi.NewClientWithResponses(url)
	check(err == nil, err)
	session, err := anonymous.OpenSessionWithResponse(ctx, oapi.Login{Email: types.Email(email), Password: password})
	check(err == nil && session.JSON200 != nil, err)
	signed := oapi.WithRequestEditorFn(func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+session.JSON200.AccessToken)
		return nil
	})
	api, err := oapi.NewClientWithResponses(url, signed)
	check(err == nil, err)

	slug := fmt.Sprintf("go-%d", time.Now().UnixNano())
	extra := map[string]any{"rating": 5, "nested": map[string]any{"a": []any{1, nil}}}
	created, err := api.CreatePostWithResponse(ctx, &oapi.CreatePostParams{}, oapi.CreatePost{
		Title: "From Go", Body: "# Hello\n", Slug: &slug, Tags: &[]string{"clients"}, Extra: &extra})
	check(err == nil && created.JSON201 != nil, err, created)
	post := created.JSON201
	check(post.Live == nil && post.Excerpt == nil && post.Extra["rating"] == 5.0, post)
	first := created.HTTPResponse.Header.Get("ETag")

	excerpt := "Typed"
	patch := oapi.PatchPost{Excerpt: &excerpt}
	patched, err := api.UpdatePostWithApplicationMergePatchPlusJSONBodyWithResponse(
		ctx, post.Id, &oapi.UpdatePostParams{IfMatch: first}, patch)
	check(err == nil && patched.JSON200 != nil && *patched.JSON200.Excerpt == excerpt, err)
	second := patched.HTTPResponse.Header.Get("ETag")

	late := "Too late"
	stale, err := api.UpdatePostWithApplicationMergePatchPlusJSONBodyWithResponse(
		ctx, post.Id, &oapi.UpdatePostParams{IfMatch: first}, oapi.PatchPost{Excerpt: &late})
	check(err == nil && stale.ApplicationproblemJSON412 != nil, err)
	conflicts := *stale.ApplicationproblemJSON412.Conflicts
	check(conflicts["excerpt"].Current == "Typed", conflicts)

	published, err := api.PublishPostWithResponse(
		ctx, post.Id, &oapi.PublishPostParams{IfMatch: second}, oapi.PublishPost{})
	check(err == nil && published.JSON200 != nil && published.JSON200.Live.Slug == slug, err)

	tag, limit := []string{"clients"}, int64(100)
	list, err := anonymous.ListPostsWithResponse(ctx, &oapi.ListPostsParams{Tag: &tag, Limit: &limit})
	check(err == nil && list.JSON200 != nil, err)
	found := false
	for _, item := range list.JSON200.Items {
		row, err := item.ValueByDiscriminator()
		check(err == nil, err)
		live, isLive := row.(oapi.LivePostSummary)
		found = found || isLive && live.Id == post.Id
	}
	check(found, "the post is not in the list")

	form := new(bytes.Buffer)
	writer := multipart.NewWriter(form)
	part, _ := writer.CreateFormFile("file", "picture.png")
	bytesOfFile, err := os.ReadFile(picture)
	check(err == nil, err)
	_, _ = part.Write(bytesOfFile)
	_ = writer.WriteField("alt", "A picture")
	_ = writer.Close()
	uploaded, err := api.UploadImageWithBodyWithResponse(ctx, writer.FormDataContentType(), form)
	check(err == nil, err)
	image := uploaded.JSON201
	if image == nil {
		image = uploaded.JSON200
	}
	check(image != nil && image.Width > 0, uploaded)

	refused, err := api.CreatePostWithResponse(ctx, &oapi.CreatePostParams{}, oapi.CreatePost{Body: "x"})
	check(err == nil && refused.ApplicationproblemJSON422 != nil, err)
	violation := (*refused.ApplicationproblemJSON422.Errors)[0]
	check(*violation.Pointer == "/title", violation)
	nowhere := "nowhere"
	missing, err := anonymous.ListPostsWithResponse(ctx, &oapi.ListPostsParams{Category: &nowhere})
	check(err == nil && missing.ApplicationproblemJSON404 != nil, err)
	check(strings.Contains(string(missing.ApplicationproblemJSON404.Code), "not_found"), missing)
	fmt.Println("ok")
}
